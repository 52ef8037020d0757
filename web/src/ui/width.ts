import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The width of an element in pixels, so that a chart in it can be drawn with letters of their real size. */
export function useWidth() {
  const element = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, Math.round(box.clientWidth) || 640)));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return [element, width] as const;
}
