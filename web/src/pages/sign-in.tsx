import { useEffect } from 'preact/hooks';
import { useCell } from '../state/cell';
import { nextOf } from '../state/next';
import { pending } from '../state/pending';
import { go, place } from '../state/place';
import { session } from '../state/session';
import { Page } from '../ui/page';
import { SignInForm } from '../ui/sign-in-form';
import { typed } from './register';

export default function SignIn() {
  const { query } = useCell(place);
  const { state } = useCell(session);
  const next = nextOf(query);
  // Here, in another tab, or by a link to this page.
  useEffect(() => {
    if (state === 'signed_in') go(next, true);
  }, [state]);
  return (
    <Page title="Sign in" class="narrow" lead={useCell(pending) && 'Your plan will be saved right after.'}>
      <SignInForm email={typed.value} onDone={() => (typed.value = '')} />
      <p class="below">
        New here? <a href={`/register${query}`}>Make an account</a>
      </p>
    </Page>
  );
}
