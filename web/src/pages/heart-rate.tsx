import { useState } from 'preact/hooks';
import { send } from '../api/http';
import type { HeartRateZones } from '../api/types';
import { useCell } from '../state/cell';
import { go, place } from '../state/place';
import { Field, FormAlert, messagesOf, useFaultFocus } from '../ui/field';
import { Notes } from '../ui/notes';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import '../style/tools.css';

const fields = ['age', 'max_heart_rate', 'resting_heart_rate', 'lactate_threshold_heart_rate'] as const;
type Values = Record<(typeof fields)[number], string>;

const words: ReadonlyArray<readonly [name: string, feel: string]> = [
  ['Very light', 'Walking and warming up'],
  ['Easy', 'You can talk in whole sentences; most of your running'],
  ['Moderate', 'You speak in short sentences; marathon effort'],
  ['Hard', 'A few words at a time; tempo runs'],
  ['Very hard', 'No talking; intervals and the end of races'],
];

const methods: Record<HeartRateZones['method'], string> = {
  lactate_threshold: 'shares of your heart rate at the lactate threshold',
  karvonen: 'shares of the way from your resting to your maximum heart rate',
  percent_of_maximum: 'shares of your maximum heart rate',
};

/** Heart-rate zones. What is entered is in the address. */
export default function HeartRate() {
  const { query } = useCell(place);
  const params = new URLSearchParams(query);
  const [values, setValues] = useState(() => Object.fromEntries(fields.map((f) => [f, params.get(f)?.slice(0, 10) ?? ''])) as Values);
  const body = Object.fromEntries(fields.flatMap((f) => (params.get(f) ? [[f, number(params.get(f) ?? '')]] : [])));
  const zones = useResource(query, async (signal) =>
    params.size === 0 ? undefined : (await send<HeartRateZones>('/api/calculate_heart_rate_zones', { body, signal })).data,
  );
  const { form, sent } = useFaultFocus(zones.fault);
  const messages = zones.fault?.errors.length ? messagesOf(zones.fault, fields.map((f) => `/${f}`)) : {};

  const show = (next: Values, push: boolean) => {
    const given = fields.filter((f) => next[f].trim()).map((f) => `${f}=${encodeURIComponent(next[f].trim())}`);
    go(`/tools/heart-rate${given.length ? `?${given.join('&')}` : ''}`, !push);
  };
  const input = (name: keyof Values, label: string, hint: string) => (
    <Field name={name} label={label} hint={hint} messages={messages[`/${name}`]}>
      {(w) => (
        <input
          {...w}
          class="short"
          inputMode="numeric"
          autocomplete="off"
          value={values[name]}
          onInput={(event) => setValues({ ...values, [name]: (event.target as HTMLInputElement).value })}
          onChange={(event) => params.size > 0 && show({ ...values, [name]: (event.target as HTMLInputElement).value }, false)}
        />
      )}
    </Field>
  );

  return (
    <Page title="Heart-rate zones" lead="Age is enough to begin with. What you have measured is better than any formula.">
      <div class="split">
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            sent();
            if (zones.fault) zones.reload();
            show(values, params.size === 0);
          }}
        >
          {input('age', 'How old are you?', 'In years.')}
          <details open={fields.slice(1).some((f) => values[f])} class="more">
            <summary>I have measured more</summary>
            {input('max_heart_rate', 'Maximum heart rate', 'The highest you have seen at the end of a hard race or test.')}
            {input('resting_heart_rate', 'Resting heart rate', 'Lying still, in the morning.')}
            {input('lactate_threshold_heart_rate', 'Threshold heart rate', 'The mean of the last 20 minutes of 30 minutes as hard as you can.')}
          </details>
          <FormAlert messages={messages} />
          <button type="submit" class="primary wide">
            Show my zones
          </button>
        </form>
        <div aria-live="polite">
          {zones.loading && params.size > 0 && !zones.data && <Loading what="Working it out" />}
          {zones.fault && !zones.fault.errors.length && <Failed fault={zones.fault} retry={zones.reload} />}
          {zones.data && <Zones zones={zones.data} />}
        </div>
      </div>
    </Page>
  );
}

/** Whole numbers as numbers; the rest as it is, for the server to say what is wrong. */
const number = (text: string): number | string => (/^-?\d{1,9}$/.test(text.trim()) ? Number(text) : text);

function Zones({ zones: { max_heart_rate, zones, standard_error_bpm, method, warnings } }: { zones: HeartRateZones }) {
  const ends = [zones.hr_zone_1_max, zones.hr_zone_2_max, zones.hr_zone_3_max, zones.hr_zone_4_max, zones.hr_zone_5_max];
  const top = ends[4] as number;
  // Nobody's heart stands still: the bars begin where running does.
  const base = 0.4 * top;
  const at = (bpm: number) => ((bpm - base) / (top - base)) * 100;
  return (
    <>
      <table class="zones">
        <caption>Your zones</caption>
        <thead>
          <tr>
            <th scope="col">Zone</th>
            <th scope="col">Beats per minute</th>
            <th scope="col">How it feels</th>
          </tr>
        </thead>
        <tbody>
          {ends.map((end, i) => (
            <tr key={i} class={`zone-${i + 1}`}>
              <th scope="row">
                {i + 1} <span class="name">{words[i]?.[0]}</span>
              </th>
              <td class="bpm">
                <b>{i === 0 ? `up to ${end}` : `${(ends[i - 1] as number) + 1}–${end}`}</b>
                <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="track" width="100" height="6" />
                  <rect x={i === 0 ? 0 : at(ends[i - 1] as number)} width={at(end) - (i === 0 ? 0 : at(ends[i - 1] as number))} height="6" />
                </svg>
              </td>
              <td class="feel">{words[i]?.[1]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {standard_error_bpm === null ? (
          <>These are {methods[method]}, {max_heart_rate} at most.</>
        ) : (
          <>
            These are {methods[method]}, which is guessed from your age: <b>{max_heart_rate}</b>, give or take {Math.round(standard_error_bpm)}. One runner in three
            is further off than that, so take the zones as a start, and trust your breath.
          </>
        )}
      </p>
      <Notes title="Keep in mind" notes={warnings} />
    </>
  );
}
