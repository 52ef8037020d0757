import type { Runner } from '../api/types';
import { go } from '../state/place';
import { toSignIn } from '../state/next';
import { setSession } from '../state/session';
import { Dialog } from './dialog';
import { SignInForm } from './sign-in-form';

/** Asks for signing in over a page that somebody is at work on, so that nothing of it is lost. */
export function SignInAgain({ runner }: { runner: Runner }) {
  const leave = () => {
    const to = toSignIn();
    setSession({ state: 'anonymous' });
    go(to, true);
  };
  return (
    <Dialog title="Sign in to go on" onClose={leave}>
      <p>Your sign-in has ended. What is on this page stays as it is.</p>
      <SignInForm email={runner.email} fixed onDone={() => undefined} />
      <p class="below">
        <button type="button" class="link" onClick={leave}>
          Leave this page and sign in as somebody else
        </button>
      </p>
    </Dialog>
  );
}
