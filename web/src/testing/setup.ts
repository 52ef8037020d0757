import { afterEach } from 'vitest';
import { render } from 'preact';

// Each test starts on an empty page, with kilometres chosen and nothing else kept.
if (typeof document !== 'undefined') {
  const empty = () => {
    render(null, document.body);
    document.body.innerHTML = '';
    localStorage.clear();
    localStorage.setItem('stride.unit', 'km');
  };
  empty();
  afterEach(empty);
}
