import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { edit, type Change, type Clash, type Saved } from '../api/edit';
import { asFault, type Fault } from '../api/fault';
import { Dialog } from './dialog';

interface EditOptions<T> {
  /** What runners change in it, by the names that changes have. */
  facts: (of: T) => Change;
  /** Called with what there is after a change, or after the runner has let that of the other device be. */
  onSaved: (data: T, etag: string) => void;
  /** What a field is called, and how a value of it reads. */
  describe: (field: string, of: Change) => readonly [name: string, value: ComponentChildren];
}

/**
 * Changes things that other devices may change too. When both changed the same,
 * it shows both and has the runner choose; `dialog` is to be rendered, for that
 * and for what is to be said.
 * `run` throws a Fault; it answers whether the change, or the other, holds now.
 */
export function useEdit<T>({ facts, onSaved, describe }: EditOptions<T>) {
  const [clash, setClash] = useState<Clash<T> & { path: string }>();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [notice, setNotice] = useState('');
  const decided = useRef<(kept: boolean) => void>(undefined);

  const saved = ({ data, etag, others }: Saved<T>) => {
    onSaved(data, etag);
    const names = [...new Set(others.map((field) => describe(field, facts(data))[0].toLowerCase()))];
    setNotice(names.length > 0 ? `Saved. Another device had changed this as well: ${names.join(', ')}.` : '');
  };

  async function run(path: string, seen: T, etag: string | undefined, change: Change): Promise<boolean> {
    const result = await edit<T>(path, seen, etag, change, facts);
    if (result.kind === 'saved') {
      saved(result);
      return true;
    }
    setFault(undefined);
    setClash({ ...result, path });
    return new Promise((resolve) => (decided.current = resolve));
  }

  const end = (kept: boolean) => {
    setClash(undefined);
    decided.current?.(kept);
  };

  async function keepMine({ path, theirs, etag, change }: Clash<T> & { path: string }) {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      const result = await edit<T>(path, theirs, etag, change, facts);
      if (result.kind === 'saved') {
        saved(result);
        end(true);
      } else {
        setClash({ ...result, path }); // changed once more
      }
    } catch (error) {
      setFault(asFault(error));
    } finally {
      setBusy(false);
    }
  }

  const choice = clash && (
    <Dialog title="Changed on another device" onClose={() => end(false)}>
      <p>This was changed elsewhere while it was open here. Which shall hold?</p>
      <div class="versions">
        <Version title="Yours, not saved yet" of={{ ...facts(clash.theirs), ...clash.change }} />
        <Version title="Saved by the other device" of={facts(clash.theirs)} />
      </div>
      <div class="form-alert" role="alert">
        {fault && <p>{fault.message}</p>}
      </div>
      <div class="actions">
        <button type="button" class="primary" aria-disabled={busy || undefined} onClick={() => void keepMine(clash)}>
          Save mine
        </button>
        <button
          type="button"
          onClick={() => {
            onSaved(clash.theirs, clash.etag);
            end(true);
          }}
        >
          Keep the other
        </button>
        <button type="button" onClick={() => end(false)}>
          Decide later
        </button>
      </div>
    </Dialog>
  );

  function Version({ title, of }: { title: string; of: Change }) {
    return (
      <section>
        <h3>{title}</h3>
        <dl>
          {clash?.fields.map((field) => {
            const [name, value] = describe(field, of);
            return (
              <div key={field}>
                <dt>{name}</dt>
                <dd>{value || <i>empty</i>}</dd>
              </div>
            );
          })}
        </dl>
      </section>
    );
  }

  const dialog = (
    <>
      <p role="status" class="notice">
        {notice}
      </p>
      {choice}
    </>
  );
  return { run, dialog };
}
