import { Page } from '../ui/page';
import '../style/tools.css';

/** What else there is. */
export default function Tools() {
  return (
    <Page title="Tools" lead="Two calculators that say how sure they are.">
      <ul class="cards">
        <li>
          <a href="/tools/race-times">
            <h2>Race times and paces</h2>
            <p>Your best times give your critical speed, paces to train at, and what to expect in other races.</p>
          </a>
        </li>
        <li>
          <a href="/tools/heart-rate">
            <h2>Heart-rate zones</h2>
            <p>Five zones from your age, or better from what you have measured.</p>
          </a>
        </li>
      </ul>
    </Page>
  );
}
