import { useEffect, useState } from 'preact/hooks';

/** Today in a time zone, as the API writes dates. Without a zone, or with one that the browser does not know, it is that of the device. */
export function todayIn(zone: string | undefined, now: Date = new Date()): string {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', { ...options, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat('en', options);
  }
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}

/** Today in a time zone; the component is rendered anew when the next day begins. */
export function useToday(zone: string | undefined): string {
  const [day, setDay] = useState(() => todayIn(zone));
  useEffect(() => {
    const look = () => setDay(todayIn(zone));
    look();
    const timer = setInterval(look, 30_000);
    document.addEventListener('visibilitychange', look); // a device that slept through midnight
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [zone]);
  return day;
}
