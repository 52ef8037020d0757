import { afterEach } from 'vitest';
import { render } from 'preact';

// Each test starts on an empty page with nothing kept.
if (typeof document !== 'undefined') {
  afterEach(() => {
    render(null, document.body);
    document.body.innerHTML = '';
    localStorage.clear();
  });
}
