import { useEffect, useRef, useState } from 'preact/hooks';
import { close, type Toast } from '../state/toasts';

/** One note. It stays for a while; with a way back, it says for how long. */
export default function Note({ toast: t }: { toast: Toast }) {
  const [left, setLeft] = useState(t.undo ? 8 : Math.max(4, Math.ceil(t.text.length / 15)));
  const held = useRef(false);
  useEffect(() => {
    let seconds = left;
    const timer = setInterval(() => {
      if (held.current) return;
      setLeft(--seconds);
      if (seconds === 0) close(t);
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  const hold = () => (held.current = true);
  const go = () => (held.current = false);
  return (
    // Time stands still while the pointer or the focus is here.
    <div class="toast" onMouseEnter={hold} onMouseLeave={go} onFocusIn={hold} onFocusOut={go}>
      <span>{t.text}</span>
      {t.undo && (
        <button type="button" class="link" onClick={() => close(t, true)}>
          Undo <span aria-hidden="true">({left})</span>
        </button>
      )}
    </div>
  );
}
