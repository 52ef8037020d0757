import { Page } from '../ui/page';

export default function Missing() {
  return (
    <Page title="There is no such page" lead="The address may be old, or misspelt.">
      <p>
        <a class="button primary" href="/">
          Make a plan
        </a>
      </p>
    </Page>
  );
}
