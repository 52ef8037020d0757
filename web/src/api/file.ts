// Files on their way to where the API says they belong.
import { Fault } from './fault';

/** The SHA-256 of a file, as 64 hexadecimal digits. It fails when the file cannot be read any more. */
export async function digest(file: Blob): Promise<string> {
  const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends a file to a signed address and returns the status of the answer.
 * `sent` is told how many bytes have gone. It throws a Fault when there is no
 * answer, and an AbortError when `signal` ends it. fetch cannot tell how far
 * it is, so this is XMLHttpRequest.
 */
export function put(url: string, headers: Record<string, string>, file: Blob, sent: (bytes: number) => void, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const given = () => reject(new DOMException('The caller gave up.', 'AbortError'));
    if (signal.aborted) return given();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => resolve(request.status);
    request.onerror = () => reject(new Fault('offline'));
    request.onabort = given;
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(file);
  });
}
