import { useEffect, useRef, useState } from 'preact/hooks';
import { count, percent } from '../format';
import { useCell } from '../state/cell';
import { addFiles, clear, isOver, progress, retry, uploads, type Upload as Item } from '../state/uploads';
import { Page } from '../ui/page';
import { size, standard } from '../ui/run-words';
import { RunTabs } from '../ui/run-tabs';
import { filesOf } from '../ui/dropped';
import '../style/tools.css';
import '../style/runs.css';

/** Where recordings come in: dropped, or chosen. */
export default function Upload() {
  const list = useCell(uploads);
  const [over, setOver] = useState(false);
  const depth = useRef(0);

  // The whole page takes files, so that a near miss does not open one instead.
  useEffect(() => {
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => carries(event) && (depth.current++, setOver(true));
    const leave = (event: DragEvent) => carries(event) && --depth.current <= 0 && setOver(false);
    const allow = (event: DragEvent) => carries(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !carries(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      void filesOf(event.dataTransfer).then(addFiles);
    };
    document.addEventListener('dragenter', enter);
    document.addEventListener('dragleave', leave);
    document.addEventListener('dragover', allow);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragenter', enter);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('dragover', allow);
      document.removeEventListener('drop', drop);
    };
  }, []);

  return (
    <Page title="Upload" lead="The FIT files of your watch, one or thousands. What you have already is noticed, so send all of them.">
      <RunTabs />
      <div class={`drop ${over ? 'over' : ''}`}>
        <p>
          <b>Drop files or a folder here</b>
        </p>
        <div class="actions">
          <Chooser label="Choose files" primary />
          <Chooser label="Choose a folder" folder />
        </div>
      </div>
      {list.length > 0 && <Progress list={list} />}
      <details class="more">
        <summary>Where are my files?</summary>
        <ul>
          <li>
            <b>On the watch:</b> connect it by USB. Garmin keeps them in the folder <code>GARMIN/Activity</code>, which you can drop here as it is.
          </li>
          <li>
            <b>Garmin Connect:</b> open an activity, then the gear, then <i>Export file</i>. It comes as a ZIP archive; unpack it first.
          </li>
          <li>
            <b>Coros, Suunto, Wahoo, Polar:</b> their apps export an activity as a FIT file.
          </li>
          <li>
            <b>Strava:</b> <i>Download your data</i> has the files that came by FIT, packed as <code>.fit.gz</code>. They are fine as they are.
          </li>
        </ul>
      </details>
    </Page>
  );
}

/** A button that opens the dialog of the browser for files. */
function Chooser({ label, folder, primary }: { label: string; folder?: boolean; primary?: boolean }) {
  return (
    <label class={`button chooser ${primary ? 'primary' : ''}`}>
      <input
        class="visually-hidden"
        type="file"
        multiple
        ref={(input) => {
          if (input && folder) input.webkitdirectory = true;
        }}
        onChange={({ currentTarget }) => {
          addFiles([...(currentTarget.files ?? [])].filter((file) => !folder || !file.name.startsWith('.')));
          currentTarget.value = ''; // so that the same can be chosen again
        }}
      />
      {label}
    </label>
  );
}

function Progress({ list }: { list: readonly Item[] }) {
  const over = list.filter(isOver);
  const of = (phase: Item['phase']) => list.filter((u) => u.phase === phase).length;
  const failed = list.filter((u) => u.phase === 'failed' && u.again);
  const share = list.reduce((sum, u) => sum + progress(u), 0) / list.length;
  const done = over.length === list.length;
  const added = of('imported');
  return (
    <section class="uploads" aria-label="Your files">
      <div class="overall">
        <p role="status">
          <b>{done ? 'Done.' : `${over.length} of ${count(list.length, 'file')} done.`}</b>{' '}
          {[
            added > 0 && `${added} added`,
            of('duplicate') > 0 && `${of('duplicate')} you had already`,
            of('skipped') > 0 && `${of('skipped')} without a run`,
            of('failed') > 0 && `${of('failed')} failed`,
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
        <progress max={1} value={share} aria-label="All files" />
        <div class="actions">
          {failed.length > 0 && (
            <button type="button" class="primary" onClick={() => retry(failed.map((u) => u.key))}>
              Try {failed.length > 1 ? `${failed.length} files` : 'it'} again
            </button>
          )}
          {done && (
            <>
              {added > 0 && (
                <a class="button" href="/runs">
                  See all runs
                </a>
              )}
              <button type="button" onClick={clear}>
                Clear this list
              </button>
            </>
          )}
        </div>
      </div>
      <ul class="files">
        {list.map((upload) => (
          <Row key={upload.key} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

const titles: Record<Item['phase'], string> = {
  queued: 'Waiting',
  sending: 'Sending',
  reading: 'Being read',
  imported: 'Added',
  duplicate: 'You have it',
  skipped: 'No run in it',
  failed: 'Failed',
};

function Row({ upload }: { upload: Item }) {
  const { name, phase, receipts, why } = upload;
  const sessions = uploads.value.find((u) => u.key === upload.of)?.sessions ?? upload.sessions;
  const bests = [...new Set(receipts.flatMap((r) => r.bests_changed_m))].map((m) => standard.find(([d]) => d === m)?.[1] ?? `${m} m`);
  const alike = receipts.flatMap((r) => r.similar.map((s) => s.session_id));
  return (
    <li class={phase}>
      <span class="file">
        {name} <small>{size(upload.size)}</small>
      </span>
      <span class="verdict">{phase === 'sending' ? `${titles.sending}, ${percent(upload.sent)}` : titles[phase]}</span>
      {!isOver(upload) && <progress max={1} value={progress(upload)} aria-label={name} />}
      {(why || sessions.length > 0 || upload.again) && (
        <p>
          {why}{' '}
          {sessions.map((id, i) => (
            <span key={id}>
              {i > 0 && ', '}
              <a href={`/runs/${id}`}>
                {i > 0 ? `part ${i + 1}` : phase !== 'imported' ? 'See what there is' : sessions.length > 1 ? 'See part 1' : 'See the run'}
                <span class="visually-hidden"> from {name}</span>
              </a>
            </span>
          ))}{' '}
          {bests.length > 0 && <b>New best over {bests.join(', ')}. </b>}
          {alike.length > 0 && (
            <>
              It looks like <a href={`/runs/${alike[0]}`}>a run that you have</a>, and was kept all the same.{' '}
            </>
          )}
          {upload.again && (
            <button type="button" class="link" onClick={() => retry([upload.key])}>
              Try again <span class="visually-hidden">{name}</span>
            </button>
          )}
        </p>
      )}
    </li>
  );
}
