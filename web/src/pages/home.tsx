import { useEffect, useRef, useState } from 'preact/hooks';
import { generate } from '../api/generate';
import { Fault, isAbort } from '../api/fault';
import type { Plan } from '../api/types';
import { answers as kept, fromQuery, fullTime, hasAnswers, inUnitOf, keepAnswers, names, questions, say, toQuery, weekdays, type Answers, type Name } from '../state/answers';
import { useCell } from '../state/cell';
import { go } from '../state/place';
import { chooseUnit, suggestUnit, unit } from '../state/unit';
import { Choice, Field, FormAlert, messagesOf, useForm } from '../ui/field';
import { lazy } from '../ui/lazy';
import { Page } from '../ui/page';
import { PlanPage } from '../routes';

const Preview = lazy(() => import('./preview'));
const Start = lazy(() => import('./start'));

/** Five questions. The plan for the answers is made while they are given. */
export function Home() {
  const [given, setGiven] = useState<Answers>(() => {
    const first = hasAnswers(location.search) ? fromQuery(location.search) : kept.value;
    suggestUnit(first.unit);
    return inUnitOf(first, unit.value, 1);
  });
  const { form, messages, setMessages, busy, submit, of } = useForm(names);
  const [plan, setPlan] = useState<Plan>();
  const asking = useRef<AbortController>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  // The switch of the site is the unit of the question.
  const u = useCell(unit);
  useEffect(() => {
    if (given.unit !== u) change(inUnitOf(given, u, 1));
  }, [u]);

  useEffect(() => {
    ask(given, hasAnswers(location.search));
    PlanPage.preload();
    return () => {
      asking.current?.abort();
      clearTimeout(timer.current);
    };
  }, []);

  /** Makes the plan, for a look at it; with `tell`, says what is wrong. */
  async function ask(now: Answers, tell: boolean) {
    asking.current?.abort();
    const control = (asking.current = new AbortController());
    try {
      const made = await generate({ ...now, target_time: fullTime(now.target_time) }, control.signal);
      setPlan(made);
      setMessages({});
    } catch (error) {
      if (isAbort(error)) return;
      if (error instanceof Fault && error.errors.length > 0) {
        setPlan(undefined);
        const found = messagesOf(error, names.map((n) => `/${n}`));
        // While somebody types, only what was wrong before is told again.
        setMessages((before) => (tell ? found : Object.fromEntries(Object.entries(found).filter(([name]) => before[name]))));
      }
    }
  }

  function change(next: Answers, settled = true) {
    setGiven(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => {
        history.replaceState(null, '', `/?${toQuery(next)}`);
        void ask(next, settled);
      },
      settled ? 0 : 400,
    );
  }
  const set = (name: Name, value: string, settled = true) => change({ ...given, [name]: value }, settled);

  const text = (name: Name) => ({
    value: given[name],
    onInput: (event: Event) => set(name, (event.target as HTMLInputElement).value, false),
    onChange: (event: Event) => {
      const typed = (event.target as HTMLInputElement).value;
      set(name, name === 'target_time' ? fullTime(typed) : typed);
    },
  });

  const onSubmit = (event: Event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    const final = { ...given, target_time: fullTime(given.target_time) };
    setGiven(final);
    void submit(async () => {
      asking.current?.abort();
      await generate(final);
      keepAnswers(final);
      history.replaceState(null, '', `/?${toQuery(final)}`);
      go(`/plan?${toQuery(final)}`);
    });
  };

  const wrong = (name: Name) => of(name)?.map(say);

  return (
    <Page title="A marathon plan from five answers" tab="Stride: a marathon plan from five answers" class="home"
      lead="Every run with its pace and its reason. Free, and without an account.">
      <div class="split">
        <form ref={form} noValidate onSubmit={onSubmit} aria-label="Your answers">
          <Field name="target_time" label={questions.target_time} hint="Hours and minutes, like 4:00 or 3:45." messages={wrong('target_time')}>
            {(w) => <input {...w} {...text('target_time')} class="short" inputMode="text" autocomplete="off" required />}
          </Field>
          <Field
            name="first_long_run"
            label={questions.first_long_run}
            hint="Your first long run is this far."
            messages={wrong('first_long_run')}
          >
            {(w) => (
              <div class="entry">
                <input {...w} {...text('first_long_run')} class="short" inputMode="decimal" autocomplete="off" required />
                <Choice
                  wiring={{ ...w, name: 'unit', 'aria-invalid': undefined }}
                  value={u}
                  options={[
                    ['km', 'km'],
                    ['mi', 'miles'],
                  ]}
                  onChoose={chooseUnit}
                />
              </div>
            )}
          </Field>
          <Field name="runs_per_week" label={questions.runs_per_week} group messages={wrong('runs_per_week')}>
            {(w) => (
              <Choice wiring={w} value={given.runs_per_week} options={['2', '3', '4', '5', '6', '7'].map((n) => [n, n] as const)}
                onChoose={(n) => set('runs_per_week', n)} />
            )}
          </Field>
          <Field name="long_run_day" label={questions.long_run_day} group messages={wrong('long_run_day')}>
            {(w) => (
              <Choice
                wiring={w}
                value={given.long_run_day}
                options={weekdays.map((day) => [day, <abbr key={day} class="day" title={day}>{day.slice(0, 3)}</abbr>] as const)}
                onChoose={(day) => set('long_run_day', day)}
              />
            )}
          </Field>
          <Field name="weeks" label={questions.weeks} hint="8 to 30. The last three are for getting rested." messages={wrong('weeks')}>
            {(w) => <input {...w} {...text('weeks')} class="short" type="number" min="8" max="30" inputMode="numeric" required />}
          </Field>
          <Field name="race_date" label={<>{questions.race_date} <small>optional</small></>} hint="With a date, every run gets one too." messages={wrong('race_date')}>
            {(w) => (
              <>
                <input {...w} {...text('race_date')} class="medium" type="date" />
                {given.race_date && <Start answers={given} onWeeks={(n) => set('weeks', String(n))} />}
              </>
            )}
          </Field>
          <FormAlert messages={messages} />
          <button type="submit" class="primary wide" aria-disabled={busy || undefined}>
            {busy ? 'Making your plan…' : 'Show my plan'}
          </button>
        </form>
        {plan && <Preview plan={plan} />}
      </div>
    </Page>
  );
}
