import type { Change } from '../api/edit';
import { call, setRunner } from '../api/session';
import type { MeasuredHeartRates, Runner } from '../api/types';
import { longDate } from '../format';
import { useEdit } from '../ui/clash';
import { EmailForm, PasswordForm } from '../ui/credentials';
import { HeartRatesList } from '../ui/heart-form';
import { MyZones } from '../ui/my-zones';
import { DeleteAccount, ExportButton } from '../ui/own-data';
import { Page } from '../ui/page';
import { ProfileForm } from '../ui/profile-form';
import { useResource } from '../ui/resource';
import { SignInList, SignOut } from '../ui/sign-ins';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import Missing from './missing';
import type { MemberProps } from './more';
import '../style/plan.css';
import '../style/calendar.css';

const parts = [
  ['', 'Profile'],
  ['heart', 'Heart rate'],
  ['sign-in', 'Signing in'],
  ['data', 'Your data'],
] as const;

const facts = ({ email, first_name, last_name, birth_year, sex, time_zone, unit, heart_rates }: Runner): Change => ({
  email,
  first_name,
  last_name,
  birth_year,
  sex,
  time_zone,
  unit,
  heart_rates,
});

const labels: Record<string, string> = {
  email: 'E-mail address',
  first_name: 'First name',
  last_name: 'Last name',
  birth_year: 'Year of birth',
  sex: 'Sex',
  time_zone: 'Time zone',
  unit: 'Unit',
  heart_rates: 'Heart rates',
};

/** What the account knows of the runner, what they sign in with, and leaving. */
export default function Account({ params }: MemberProps) {
  const part = params['part'] ?? '';
  const me = useResource('me', async (signal) => {
    const { data, etag } = await call<Runner>('/api/runners/me', { signal });
    setRunner(data);
    return { runner: data, etag };
  });
  const { run, dialog } = useEdit<Runner>({
    facts,
    onSaved: (runner, etag) => {
      me.set({ runner, etag });
      setRunner(runner);
    },
    describe: (field, of) => [
      labels[field] ?? field,
      field === 'heart_rates' ? <Rates all={(of[field] as MeasuredHeartRates[] | null) ?? []} /> : of[field] === undefined || of[field] === null ? '' : String(of[field]),
    ],
  });
  if (!parts.some(([name]) => name === part)) return <Missing />;

  const data = me.data;
  const save = (change: Change): Promise<boolean> => (data ? run('/api/runners/me', data.runner, data.etag, change) : Promise.resolve(false));
  return (
    <Page title={parts.find(([name]) => name === part)?.[1] ?? ''} lead={data?.runner.email} class="account">
      <nav class="tabs" aria-label="Account">
        <ul>
          {parts.map(([name, label]) => (
            <li key={name}>
              <a href={name ? `/account/${name}` : '/account'} aria-current={name === part ? 'page' : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {!data ? (
        me.fault ? (
          <Failed fault={me.fault} retry={me.reload} />
        ) : (
          <Loading what="Looking up your account" />
        )
      ) : part === '' ? (
        <section>
          <ProfileForm runner={data.runner} save={save} />
        </section>
      ) : part === 'heart' ? (
        <>
          <section>
            <h2>Measured heart rates</h2>
            <HeartRatesList runner={data.runner} save={save} />
          </section>
          <section>
            <h2>Your zones</h2>
            <MyZones runner={data.runner} />
          </section>
        </>
      ) : part === 'sign-in' ? (
        <>
          <section>
            <h2>Where you are signed in</h2>
            <SignInList />
            <SignOut />
          </section>
          <section>
            <h2>E-mail address</h2>
            <EmailForm runner={data.runner} save={save} />
          </section>
          <section>
            <h2>Password</h2>
            <p class="fine">Another password signs out all other devices.</p>
            <PasswordForm email={data.runner.email} />
          </section>
        </>
      ) : (
        <>
          <section>
            <h2>Take it along</h2>
            <p>Everything that Stride keeps of you, as one file: your profile, your plans with all you noted, your runs and bests, and where you are signed in.</p>
            <ExportButton />
          </section>
          <section>
            <h2>Leave</h2>
            <p>Deletes the account and all that is in it, at once and for good.</p>
            <DeleteAccount email={data.runner.email} />
          </section>
        </>
      )}
      {dialog}
    </Page>
  );
}

function Rates({ all }: { all: readonly MeasuredHeartRates[] }) {
  if (all.length === 0) return <>none</>;
  return (
    <>
      {all.map((entry) => (
        <span key={entry.valid_from} class="line">
          {longDate(entry.valid_from)}: {entry.resting_heart_rate_bpm ?? '–'} / {entry.threshold_heart_rate_bpm ?? '–'} / {entry.max_heart_rate_bpm ?? '–'}
        </span>
      ))}
    </>
  );
}
