import { Page } from '../ui/page';
export default function PlanPage() { return <Page title="Plan">…</Page>; }
