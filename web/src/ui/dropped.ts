// What was dropped: files, and the files in folders.

/** All files of a drop, those of folders too. Hidden files of folders are left out. */
export async function filesOf(drop: DataTransfer): Promise<File[]> {
  // The list is empty once this function has waited for anything.
  const entries = [...drop.items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) return [...drop.files];
  return (await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))).flat();
}

async function filesIn(entry: FileSystemEntry, nested = false): Promise<File[]> {
  if (nested && entry.name.startsWith('.')) return [];
  try {
    if (isFile(entry)) return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))];
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const files: File[] = [];
    for (;;) {
      // A folder is read a hundred entries at a time.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return files;
      for (const one of some) files.push(...(await filesIn(one, true)));
    }
  } catch {
    return []; // what cannot be read
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
