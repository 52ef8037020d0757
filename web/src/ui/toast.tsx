import { useEffect, useRef } from 'preact/hooks';
import { close, type Toast } from '../state/toasts';

/** One note. It stays for a while. */
export default function Note({ toast: t }: { toast: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => clearTimeout(timer.current);
  const start = () => {
    stop();
    timer.current = setTimeout(() => close(t), t.undo ? 8000 : 4000);
  };
  useEffect(() => {
    start();
    return stop;
  }, []);
  return (
    // Time stands still while the pointer or the focus is here.
    <div class="toast" onMouseEnter={stop} onMouseLeave={start} onFocusIn={stop} onFocusOut={start}>
      <span>{t.text}</span>
      {t.undo && (
        <button type="button" class="link" onClick={() => close(t, true)}>
          Undo
        </button>
      )}
    </div>
  );
}
