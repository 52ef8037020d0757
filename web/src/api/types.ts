// Made from openapi.yaml by scripts/api-types.mjs; change it there.

/** The answers that a plan is made from. */
export interface PlanAnswers {
  /** Length of the plan in weeks, race week included. */
  weeks: number;
  /** Runs a week, the long run included. */
  runs_per_week: number;
  /** Time to run the marathon in, as hours, minutes and seconds, from 2:00:00 to 8:00:00. */
  target_time: string;
  /** The longest run that is comfortable today, in `unit`, from 3 to 35 km or 1.87 to 21.74 mi. It is rounded to 100 m. */
  first_long_run: number;
  /** Unit of `first_long_run`, and of the distances and paces in texts for people. All other numbers stay in metres and seconds. */
  unit?: "km" | "mi" | null;
  /** Weekday of the long run. In a plan without a date it is that of the race too. */
  long_run_day: Weekday;
  /** Day of the race, YYYY-MM-DD. With it the plan has dates. */
  race_date?: string | null;
}

/** A marathon plan. */
export interface Plan {
  /** Names the rules that made the plan. It changes whenever the same answers would give another plan. */
  engine_version: string;
  /** The answers as they were understood. */
  inputs: PlanInputs;
  /** The headline numbers. */
  summary: PlanSummary;
  /** The paces to train at. Marathon pace is that of the target time. */
  paces: Paces;
  /** Where the plan does less than the answers ask for, because that is safer. */
  adjustments: Note[];
  /** What the runner should be careful with. */
  warnings: Note[];
  /** The weeks in order. The race is the last run of the last one. */
  weeks: Week[];
}

/** The answers that a plan is made from, and its name. */
export interface NewPlan {
  /** Length of the plan in weeks, race week included. */
  weeks: number;
  /** Runs a week, the long run included. */
  runs_per_week: number;
  /** Time to run the marathon in, as hours, minutes and seconds, from 2:00:00 to 8:00:00. */
  target_time: string;
  /** The longest run that is comfortable today, in `unit`, from 3 to 35 km or 1.87 to 21.74 mi. It is rounded to 100 m. */
  first_long_run: number;
  /** Unit of `first_long_run`, and of the distances and paces in texts for people. All other numbers stay in metres and seconds. */
  unit?: "km" | "mi" | null;
  /** Weekday of the long run. In a plan without a date it is that of the race too. */
  long_run_day: Weekday;
  /** Day of the race, YYYY-MM-DD. With it the plan has dates. */
  race_date?: string | null;
  /** What to call the plan, in one line of up to 100 characters. Without it the plan is named after the target. */
  name?: string | null;
}

/** A saved plan. */
export interface SavedPlan {
  /** The id of the plan, a UUID. */
  id: string;
  /** What the runner calls the plan. */
  name: string;
  /** Whether the plan is being followed. The workouts of active plans are in the calendar. */
  active: boolean;
  /** When the plan was saved. */
  created_at: string;
  /** When anything in the plan changed last. */
  updated_at: string;
  /** Names the rules that made the plan. It changes whenever the same answers would give another plan. */
  engine_version: string;
  /** The answers as they were understood. */
  inputs: PlanInputs;
  /** The headline numbers. */
  summary: PlanSummary;
  /** The paces to train at. Marathon pace is that of the target time. */
  paces: Paces;
  /** Where the plan does less than the answers ask for, because that is safer. */
  adjustments: Note[];
  /** What the runner should be careful with. */
  warnings: Note[];
  /** The weeks in order. The race is the last run of the last one. */
  weeks: SavedWeek[];
}

/** Seven days of a saved plan. */
export interface SavedWeek {
  /** Number of the week, from 1. */
  week: number;
  /** The week's place in the plan. */
  kind: "build" | "cut_back" | "taper" | "race";
  /** First day of the week. Absent in a plan without dates. */
  start_date?: string;
  /** Distance of all runs of the week in metres, the race included. */
  distance_m: number;
  /** The runs of the week, in order of days. */
  workouts: SavedWorkout[];
}

/** One run of a saved plan. */
export interface SavedWorkout {
  /** Name of the run within the plan. `w03-2` was the second run of week 3 when the plan was made. It stays wherever the run goes. */
  id: string;
  /** Number of the week of the plan that the run is in now, from 1. */
  week: number;
  /** Weekday of the run. */
  day: Weekday;
  /** Day of the run. Absent in a plan without dates. */
  date?: string;
  /** What the run is for. */
  type: "easy" | "recovery" | "long" | "tempo" | "interval" | "marathon_pace" | "race";
  /** Name of the run for people, with distances in the runner's unit. */
  title: string;
  /** Whole distance in metres. */
  distance_m: number;
  /** Expected time in seconds, at the middle of every step's pace. */
  duration_s: number;
  /** Pace of the part that the run is for. */
  pace: Pace;
  /** The parts of the run in order. Their distances add up to that of the run. */
  steps: Step[];
  /** Why the run is there. */
  rationale: Rationale | OwnRationale;
  /** What became of the run. */
  status: "planned" | "done" | "skipped";
  /** What the runner has noted. Absent without a note. */
  note?: string;
  /** Version of the run, as `If-Match` takes it, quotes included. It changes with the run's date too. */
  etag: string;
}

/** Says that the runner has added the run. */
export interface OwnRationale {
  /** Always `own`. */
  rule: "own";
  /** The same for people. */
  text: string;
  /** How far a hard run is, at the pace it is for. */
  values: {
    /** Distance in metres. */
    hard_m?: number;
  };
}

/** A page of saved plans. */
export interface SavedPlans {
  /** The plans, newest first. */
  items: SavedPlanItem[];
  /** Send it as `cursor` for the next page. Absent on the last page. */
  next_cursor?: string;
}

/** A saved plan in a list. */
export interface SavedPlanItem {
  /** The id of the plan, a UUID. */
  id: string;
  /** What the runner calls the plan. */
  name: string;
  /** Whether the plan is being followed. The workouts of active plans are in the calendar. */
  active: boolean;
  /** When the plan was saved. */
  created_at: string;
  /** When anything in the plan changed last. */
  updated_at: string;
  /** The headline numbers. */
  summary: PlanSummary;
  /** The answers as they were understood. */
  inputs: PlanInputs;
}

/** What to change in a plan. What is absent stays. */
export interface PlanChange {
  /** One line of 1 to 100 characters. */
  name?: string;
  /** Whether the plan is being followed. */
  active?: boolean;
  /** The day of the race; `null` takes the plan's dates away. */
  race_date?: string | null;
}

/** What to change in a workout. What is absent stays. */
export interface WorkoutChange {
  /** What became of the run. */
  status?: "planned" | "done" | "skipped";
  /** Up to 1,000 characters; `null` removes the note. */
  note?: string | null;
  /** The day, in a plan with dates. */
  date?: string;
  /** Or the week, from 1, together with `day`. */
  week?: number;
  /** The weekday, together with `week`. */
  day?: Weekday;
}

/** A run of the runner's own, on `date` or on `day` of `week`. */
export interface NewWorkout {
  /** What the run is for. */
  type: "easy" | "recovery" | "long" | "tempo" | "interval" | "marathon_pace";
  /** Distance in metres. */
  distance_m: number;
  /** Name of the run, in one line of up to 100 characters. Without it the run is named after its type. */
  title?: string | null;
  /** Up to 1,000 characters. */
  note?: string | null;
  /** The day, in a plan with dates. */
  date?: string;
  /** Or the week, from 1, together with `day`. */
  week?: number;
  /** The weekday, together with `week`. */
  day?: Weekday;
}

/** The bytes of a FIT file, or of one that gzip has packed. Which of the two it is, the bytes say. */
export type FITFile = string;

/** The files to import. */
export interface NewImport {
  /** The files, in any order. */
  files: NewFile[];
}

/** A file that is about to be uploaded. */
export interface NewFile {
  /** The name of the file, without folders and control characters, in at most 255 bytes. */
  name: string;
  /** The size in bytes, at most 20 MiB. */
  size: number;
  /** The SHA-256 of the file, as 64 hexadecimal digits in lower case. */
  sha256: string;
}

/** A batch of files and what became of each. */
export interface Import {
  /** The id of the import, a UUID. */
  id: string;
  /** How far the import is. */
  status: "waiting" | "running" | "done";
  /** How many files have their verdict. */
  done: number;
  /** How many files there are. */
  total: number;
  /** When the import was begun. */
  created_at: string;
  /** The files, in the order in which they were named. */
  files: ImportedFile[];
}

/** A file of an import. */
export interface ImportedFile {
  /** The name of the file. */
  name: string;
  /** The size in bytes. */
  size: number;
  /** The SHA-256 of the file. */
  sha256: string;
  /** What became of the file. */
  verdict: FileVerdict;
  /** Why it failed or was skipped. */
  reason?: FileReason;
  /** The session that was made of it, or that the runner has; the first, if there are several. */
  session_id?: string;
  /** All of them, in the order of the file. */
  session_ids?: string[];
  /** What was unusual about the file. */
  flags?: SessionFlag[];
  /** What was made of an imported file, for each session. */
  receipts?: Receipt[];
  /** Where to PUT the file. */
  url?: string;
  /** The headers to send with it, as they are. */
  headers?: Record<string, string>;
  /** Until when the address is good. */
  expires_at?: string;
}

/** What became of a file. Verdicts may be added; none is renamed. */
export type FileVerdict = "upload" | "pending" | "imported" | "duplicate" | "skipped" | "failed";

/** Why a file was refused or skipped. Reasons may be added; none is renamed. */
export type FileReason = "empty" | "not_fit" | "bad_header" | "bad_checksum" | "corrupt" | "truncated" | "bad_gzip" | "too_many_bytes" | "too_many_parts" | "too_much_time" | "read_failed" | "no_activity" | "wrong_digest" | "quota_exceeded" | "internal_error";

/** Something unusual that a file or a session was kept in spite of. Flags may be added; none is renamed. */
export type SessionFlag = "no_clock" | "future_date" | "no_position" | "no_heart_rate" | "no_distance" | "no_samples" | "no_summary" | "time_backwards" | "doubled_times" | "truncated" | "broken_tail" | "trailing_bytes" | "chained" | "no_activity";

/** What was made of a file when it was imported, and why. It stays what it was. */
export interface Receipt {
  /** The import that it came by. Absent when it was uploaded by itself. */
  import_id?: string;
  /** When it was read. */
  imported_at: string;
  /** The SHA-256 of the file. */
  sha256: string;
  /** The version that read it. It is raised when the same file would give other statistics. */
  parser_version: number;
  /** Which session of the file it is, from 1. */
  session_number: number;
  /** How many sessions the file has. */
  sessions_in_file: number;
  /** What was unusual about the file. */
  repairs: SessionFlag[];
  /** Sessions of other files that look like the same run. They are shown, and nothing was dropped for them. */
  similar: Likeness[];
  /** The distances over which the personal best changed, in metres. */
  bests_changed_m: number[];
}

/** A session that seems to be of the same run as another. */
export interface Likeness {
  /** The id of the session. */
  session_id: string;
  /** What speaks for it. */
  evidence: "device_and_time" | "start_duration_distance";
}

/** A session in a list. */
export interface SessionItem {
  /** The id of the session, a UUID that begins with its start. */
  id: string;
  /** What the runner calls it. */
  name?: string;
  /** What the runner notes about it. */
  note?: string;
  /** The sport, such as `running`, `walking`, `hiking` or `cycling`. */
  sport: string;
  /** The narrower name of the watch, such as `treadmill`. */
  sub_sport?: string;
  /** Whether it may be a personal best. */
  counts_for_bests: boolean;
  /** When it started. With the flag `no_clock` by the own clock of the watch. */
  started_at: string;
  /** The day on which it started, in the time zone of the profile. Absent when the watch did not know. */
  date?: string;
  /** What was unusual about it. */
  flags: SessionFlag[];
  /** The statistics. */
  summary: SessionSummary;
  /** When it was imported. */
  created_at: string;
  /** When the runner changed it last. */
  updated_at: string;
}

/** A page of sessions. */
export interface Sessions {
  /** The sessions, newest first. */
  items: SessionItem[];
  /** Send it as `cursor` for the next page. Absent on the last page. */
  next_cursor?: string;
}

/** A session with all that is known about it. */
export interface Session {
  /** The id of the session, a UUID that begins with its start. */
  id: string;
  /** What the runner calls it. */
  name?: string;
  /** What the runner notes about it. */
  note?: string;
  /** The sport, such as `running`, `walking`, `hiking` or `cycling`. */
  sport: string;
  /** The narrower name of the watch, such as `treadmill`. */
  sub_sport?: string;
  /** Whether it may be a personal best. */
  counts_for_bests: boolean;
  /** When it started. With the flag `no_clock` by the own clock of the watch. */
  started_at: string;
  /** The day on which it started, in the time zone of the profile. Absent when the watch did not know. */
  date?: string;
  /** What was unusual about it. */
  flags: SessionFlag[];
  /** The statistics. */
  summary: SessionSummary;
  /** When it was imported. */
  created_at: string;
  /** When the runner changed it last. */
  updated_at: string;
  /** The sport as the watch recorded it. */
  recorded_sport: string;
  /** How many samples there are. */
  samples: number;
  /** The streams that there are, by name. */
  streams: string[];
  /** The fastest stretches over the standard distances, shortest first. Only runs have some. */
  efforts: SessionEffort[];
  /** The laps of the watch. */
  laps: Lap[];
  /** The session by kilometres. The last one is what is left over. */
  kilometres: Split[];
  /** The session by miles of 1609.344 m. The last one is what is left over. */
  miles: Split[];
  /** How long heart rate was in which zone. Absent without heart rate, or when the profile says neither age nor heart rates. */
  heart_rate_zones?: TimeInZones;
  /** How many samples were of no use. */
  quality: SampleQuality;
  /** What recorded it, by the numbers of the FIT profile. */
  device?: RecordingDevice;
  /** The file. */
  original: OriginalFile;
  /** What was made of the file when it was imported. */
  receipt: Receipt;
}

/** A session, and what else came of its file. */
export interface AddedSession {
  /** The id of the session, a UUID that begins with its start. */
  id: string;
  /** What the runner calls it. */
  name?: string;
  /** What the runner notes about it. */
  note?: string;
  /** The sport, such as `running`, `walking`, `hiking` or `cycling`. */
  sport: string;
  /** The narrower name of the watch, such as `treadmill`. */
  sub_sport?: string;
  /** Whether it may be a personal best. */
  counts_for_bests: boolean;
  /** When it started. With the flag `no_clock` by the own clock of the watch. */
  started_at: string;
  /** The day on which it started, in the time zone of the profile. Absent when the watch did not know. */
  date?: string;
  /** What was unusual about it. */
  flags: SessionFlag[];
  /** The statistics. */
  summary: SessionSummary;
  /** When it was imported. */
  created_at: string;
  /** When the runner changed it last. */
  updated_at: string;
  /** The sport as the watch recorded it. */
  recorded_sport: string;
  /** How many samples there are. */
  samples: number;
  /** The streams that there are, by name. */
  streams: string[];
  /** The fastest stretches over the standard distances, shortest first. Only runs have some. */
  efforts: SessionEffort[];
  /** The laps of the watch. */
  laps: Lap[];
  /** The session by kilometres. The last one is what is left over. */
  kilometres: Split[];
  /** The session by miles of 1609.344 m. The last one is what is left over. */
  miles: Split[];
  /** How long heart rate was in which zone. Absent without heart rate, or when the profile says neither age nor heart rates. */
  heart_rate_zones?: TimeInZones;
  /** How many samples were of no use. */
  quality: SampleQuality;
  /** What recorded it, by the numbers of the FIT profile. */
  device?: RecordingDevice;
  /** The file. */
  original: OriginalFile;
  /** What was made of the file when it was imported. */
  receipt: Receipt;
  /** Whether the runner had this very file, so that nothing was made. */
  duplicate: boolean;
  /** All sessions of the file that there are, in its order. The answer is the first. */
  session_ids: string[];
}

/** The statistics of a session. What is not known is absent. */
export interface SessionSummary {
  /** Distance in metres. */
  distance_m: number;
  /** Time from start to end in seconds. */
  elapsed_s: number;
  /** The same without pauses, in seconds. */
  timer_s: number;
  /** The part of it with a speed above 0.894 m/s (30 minutes for a mile), in seconds. */
  moving_s: number;
  /** Pace over the moving time, in seconds per kilometre. */
  pace_s_per_km?: number;
  /** The pace on level ground that costs as much energy, in seconds per kilometre. Absent without altitude. */
  grade_adjusted_pace_s_per_km?: number;
  /** Mean heart rate in beats per minute. */
  average_heart_rate_bpm?: number;
  /** Greatest heart rate in beats per minute. */
  max_heart_rate_bpm?: number;
  /** Mean cadence: on foot steps of both feet, else turns, per minute, without standing. */
  average_cadence_per_min?: number;
  /** Greatest cadence. */
  max_cadence_per_min?: number;
  /** Mean power in watts. */
  average_power_w?: number;
  /** Greatest power in watts. */
  max_power_w?: number;
  /** Sum of all climbs of 2 m or more, in metres. */
  ascent_m: number;
  /** Sum of all descents of 2 m or more, in metres. */
  descent_m: number;
}

/** The fastest stretch of a run over a standard distance. Pauses count. */
export interface SessionEffort {
  /** The name of the distance. */
  name: "400m" | "1km" | "mile" | "5km" | "10km" | "half_marathon" | "marathon";
  /** Distance in metres. */
  distance_m: number;
  /** Time in seconds. */
  time_s: number;
  /** Where it begins, in seconds from the start. */
  start_s: number;
  /** Where it begins, in metres from the start. */
  start_distance_m: number;
  /** The time after samples are left out that no runner can have reached, in seconds. Only this one can be a personal best. Absent when nothing is left. */
  counting_time_s?: number;
}

/** A lap of the watch. What the watch did not say is absent. */
export interface Lap {
  /** Where it begins, in seconds from the start. */
  start_s: number;
  /** Distance in metres. */
  distance_m?: number;
  /** Time in seconds. */
  elapsed_s?: number;
  /** The same without pauses, in seconds. */
  timer_s?: number;
  /** Mean heart rate in beats per minute. */
  average_heart_rate_bpm?: number;
  /** Greatest heart rate in beats per minute. */
  max_heart_rate_bpm?: number;
}

/** A kilometre or a mile of a session. */
export interface Split {
  /** Distance in metres. The splits add up to the session. */
  distance_m: number;
  /** Time in seconds. */
  elapsed_s: number;
  /** Time under way, in seconds. */
  moving_s: number;
  /** Mean heart rate in beats per minute. */
  average_heart_rate_bpm?: number;
  /** Sum of climbs in metres. */
  ascent_m: number;
  /** Sum of descents in metres. */
  descent_m: number;
}

/** How long heart rate was in the zones of the day. */
export interface TimeInZones {
  /** What the zones are shares of. */
  method: "lactate_threshold" | "karvonen" | "percent_of_maximum";
  /** Maximum heart rate that was used, in beats per minute. */
  max_heart_rate_bpm: number;
  /** The zones, lowest first. */
  zones: ZoneTime[];
}

/** The time in one zone. */
export interface ZoneTime {
  /** The zone, 1 to 5; 0 is below zone 1. */
  zone: number;
  /** The end of the zone in beats per minute. What is above the last one counts to it. */
  to_bpm: number;
  /** Time in the zone, in seconds. */
  time_s: number;
}

/** How many samples were of no use, or seemed so. */
export interface SampleQuality {
  /** Samples that a runner cannot have reached. */
  spikes: number;
  /** Samples from before the one they follow. */
  backwards: number;
  /** Samples at an instant that has one already. */
  doubled: number;
}

/** What recorded a session. What is not known is absent. */
export interface RecordingDevice {
  /** The number of the manufacturer in the FIT profile. */
  manufacturer?: number;
  /** The number of the product, by the manufacturer. */
  product?: number;
  /** The serial number. */
  serial?: number;
  /** When the watch began the file. */
  created_at?: string;
}

/** A file as it was uploaded. */
export interface OriginalFile {
  /** What it was called. */
  name?: string;
  /** Its size in bytes. */
  size: number;
}

/** What to change in a session. What is absent stays. */
export interface SessionChange {
  /** One line of up to 100 characters; `null` removes the name. */
  name?: string | null;
  /** Up to 1,000 characters; `null` removes the note. */
  note?: string | null;
  /** The sport, a word in lower case, such as `running`, `walking`, `hiking` or `cycling`. */
  sport?: string;
  /** Whether it may be a personal best. */
  counts_for_bests?: boolean;
}

/** The streams of a session. */
export interface Streams {
  /** The streams by name, with the unit of their values. Those that were not recorded are absent. */
  streams: StreamsByName;
}

/** Streams by name. */
export interface StreamsByName {
  /** Distance in metres from the start. */
  distance_m?: Stream;
  /** Latitude in degrees, WGS 84. */
  latitude_degrees?: Stream;
  /** Longitude in degrees, WGS 84, in the same rows. */
  longitude_degrees?: Stream;
  /** Speed in metres per second. */
  speed_m_per_s?: Stream;
  /** Heart rate in beats per minute. */
  heart_rate_bpm?: Stream;
  /** Cadence: on foot steps of both feet, else turns, per minute. */
  cadence_per_min?: Stream;
  /** Power in watts. */
  power_w?: Stream;
  /** Altitude in metres above the sea. */
  altitude_m?: Stream;
}

/** One stream, as lists of equal length. */
export interface Stream {
  /** Time in seconds from the start. */
  elapsed_s: number[];
  /** Distance in metres from the start, `null` where that is not known. Absent in a session without distance. */
  distance_m?: Array<number | null>;
  /** The values, in the unit in the name of the stream. */
  values: number[];
}

/** Personal bests, and what follows from them. */
export interface StandingBests {
  /** The bests, shortest distance first. Distances without one are left out. */
  items: StandingBest[];
  /** Critical speed by the bests, `null` when it cannot be had. */
  critical_speed: CriticalSpeed | null;
  /** Why it cannot be had, in a sentence for people. Absent when it can. */
  critical_speed_unavailable_reason?: string;
  /** The results that were entered by hand, newest first, whether they are bests or not. */
  results: Result[];
}

/** The personal best over a distance. */
export interface StandingBest {
  /** The name of the distance. */
  name: "400m" | "1km" | "mile" | "5km" | "10km" | "half_marathon" | "marathon";
  /** Distance in metres. */
  distance_m: number;
  /** Time in seconds. */
  time_s: number;
  /** Pace in seconds per kilometre. */
  pace_s_per_km: number;
  /** The day on which it was run. */
  date: string;
  /** The session that it is from. */
  session_id?: string;
  /** Or the result by hand. */
  result_id?: string;
  /** The best that stood before it was run; `null` for the first. */
  previous: Claim | null;
}

/** A time over a distance, and what it is from. */
export interface Claim {
  /** Time in seconds. */
  time_s: number;
  /** Pace in seconds per kilometre. */
  pace_s_per_km: number;
  /** The day on which it was run. */
  date: string;
  /** The session that it is from. */
  session_id?: string;
  /** Or the result by hand. */
  result_id?: string;
}

/** A result that was entered by hand. */
export interface Result {
  /** The id of the result, a UUID. */
  id: string;
  /** Distance in metres. */
  distance_m: number;
  /** The name of the distance. */
  distance_name: "400m" | "1km" | "mile" | "5km" | "10km" | "half_marathon" | "marathon";
  /** Time in seconds. */
  time_s: number;
  /** The day on which it was run. */
  date: string;
  /** What it was, such as the name of the race. */
  name?: string;
  /** When it was entered. */
  created_at: string;
}

/** A result to enter. */
export interface NewResult {
  /** Distance in metres, one of the standard distances. */
  distance_m: 400 | 1000 | 1609.344 | 5000 | 10000 | 21097.5 | 42195;
  /** Time as minutes and seconds or hours, minutes and seconds, with up to three decimals, like `5:24`, `19:57.3` or `1:31:35`. */
  time: string;
  /** The day, from 1950 to today. */
  date: string;
  /** What it was, in one line of up to 100 characters. */
  name?: string | null;
}

/** A result, and what it changed. */
export interface EnteredResult {
  /** The result. */
  result: Result;
  /** The personal bests as they are now. */
  personal_bests: StandingBests;
}

/** What a runner is to run. */
export interface Calendar {
  /** The runs, by date. */
  items: CalendarDay[];
}

/** A run in the calendar. */
export interface CalendarDay {
  /** The id of its plan. */
  plan_id: string;
  /** The name of its plan. */
  plan_name: string;
  /** Number of the week of the plan that the run is in now, from 1. */
  week: number;
  /** Name of the run within the plan. `w03-2` was the second run of week 3 when the plan was made. It stays wherever the run goes. */
  id: string;
  /** Weekday of the run. */
  day: Weekday;
  /** Day of the run. Absent in a plan without dates. */
  date: string;
  /** What the run is for. */
  type: "easy" | "recovery" | "long" | "tempo" | "interval" | "marathon_pace" | "race";
  /** Name of the run for people, with distances in the runner's unit. */
  title: string;
  /** Whole distance in metres. */
  distance_m: number;
  /** Expected time in seconds, at the middle of every step's pace. */
  duration_s: number;
  /** Pace of the part that the run is for. */
  pace: Pace;
  /** The parts of the run in order. Their distances add up to that of the run. */
  steps: Step[];
  /** Why the run is there. */
  rationale: Rationale | OwnRationale;
  /** What became of the run. */
  status: "planned" | "done" | "skipped";
  /** What the runner has noted. Absent without a note. */
  note?: string;
  /** Version of the run, as `If-Match` takes it, quotes included. It changes with the run's date too. */
  etag: string;
}

/** What it takes to get an account. */
export interface Registration {
  /** A bare e-mail address, without a name or spaces around it. */
  email: string;
  /** 15 to 128 characters of any kind. It may not be a common password, nor build on the e-mail address. */
  password: string;
  /** First name, in one line of up to 100 characters. */
  first_name?: string | null;
  /** Last name, in one line of up to 100 characters. */
  last_name?: string | null;
  /** Where the refresh token is to be, in the body of the answer or in a cookie. */
  refresh_token_in?: "body" | "cookie" | null;
}

/** What a runner signs in with. */
export interface Credentials {
  /** The e-mail address of the account, in any spelling. */
  email: string;
  /** The password. */
  password: string;
  /** Where the refresh token is to be, in the body of the answer or in a cookie. */
  refresh_token_in?: "body" | "cookie" | null;
}

/** The refresh token, unless it is in the cookie. */
export interface RefreshRequest {
  /** The newest refresh token of the sign-in. */
  refresh_token?: string | null;
}

/** Which sign-in to end. */
export interface LogoutRequest {
  /** A refresh token of the sign-in, unless it is in the cookie. */
  refresh_token?: string | null;
  /** Whether to end every sign-in of the runner. A refresh token that was used before ends its own alone. */
  everywhere?: boolean | null;
}

/** What signing in gives. */
export interface Tokens {
  /** The account. */
  runner: Runner;
  /** Goes with every request that needs one. What is in it is for Stride alone. */
  access_token: string;
  /** Always `Bearer`, the word before the token in `Authorization`. */
  token_type: "Bearer";
  /** For how many seconds the access token is good. */
  expires_in: number;
  /** Gets the next access token, once. Absent when it is in the cookie. */
  refresh_token?: string;
}

/** An account. What the runner has not said is absent. */
export interface Runner {
  /** The id of the runner, a UUID. */
  id: string;
  /** The e-mail address, as its owner writes it. */
  email: string;
  /** First name. */
  first_name?: string;
  /** Last name. */
  last_name?: string;
  /** Year of birth. */
  birth_year?: number;
  /** What some formulas want to know. */
  sex?: "female" | "male" | "other";
  /** Measured heart rates by date, oldest first. Of each kind the latest is in force. */
  heart_rates: MeasuredHeartRates[];
  /** IANA name of the time zone, such as `Europe/Berlin`. */
  time_zone?: string;
  /** Unit that the runner thinks in. Numbers in answers stay in metres and seconds. */
  unit: "km" | "mi";
  /** When the account was made. */
  created_at: string;
  /** When e-mail address or profile changed last. */
  updated_at: string;
}

/** Heart rates from a day on. At least one is there, and on every day the one at rest is below the threshold and that below the maximum. */
export interface MeasuredHeartRates {
  /** The day of the measurement, from 1950 on and not to come. One entry for each day. */
  valid_from: string;
  /** Heart rate at rest in beats per minute. */
  resting_heart_rate_bpm?: number;
  /** Maximum heart rate in beats per minute. */
  max_heart_rate_bpm?: number;
  /** Heart rate at the lactate threshold in beats per minute. */
  threshold_heart_rate_bpm?: number;
}

/** What to change in an account. What is absent stays. */
export interface RunnerChange {
  /** Another e-mail address. It needs `password`. */
  email?: string;
  /** The present password, to change the e-mail address. */
  password?: string | null;
  /** One line of up to 100 characters; `null` removes it. */
  first_name?: string | null;
  /** One line of up to 100 characters; `null` removes it. */
  last_name?: string | null;
  /** Year of birth, at least 13 years ago; `null` removes it. */
  birth_year?: number | null;
  /** What some formulas want to know; `null` removes it. */
  sex?: "female" | "male" | "other" | null;
  /** All measured heart rates, in place of those before; `null` removes them. */
  heart_rates?: MeasuredHeartRates[] | null;
  /** IANA name of the time zone, such as `Europe/Berlin`; `null` removes it. */
  time_zone?: string | null;
  /** Unit that the runner thinks in; `null` stands for `km`. */
  unit?: "km" | "mi" | null;
}

/** Says that it is really the owner who deletes the account. */
export interface AccountDeletion {
  /** The present password. */
  password: string;
}

/** A new password for the present one. */
export interface PasswordChange {
  /** The present password. */
  current_password: string;
  /** 15 to 128 characters of any kind. It may not be a common password, nor build on the e-mail address. */
  new_password: string;
}

/** A page of sign-ins. */
export interface SignIns {
  /** The sign-ins, newest first. */
  items: SignIn[];
  /** Send it as `cursor` for the next page. Absent on the last page. */
  next_cursor?: string;
}

/** A place where a runner is signed in. */
export interface SignIn {
  /** The id of the sign-in, a UUID. */
  id: string;
  /** Whether the access token of the request came from it. */
  current: boolean;
  /** What the client called itself, cut to 200 bytes. Absent if it said nothing. */
  user_agent?: string;
  /** When the runner signed in. */
  created_at: string;
  /** When tokens were given out last. */
  last_used_at: string;
  /** When it ends unless it is used before. */
  expires_at: string;
  /** When it ends however much it is used. */
  ends_at: string;
}

/** Where an export can be fetched. */
export interface Export {
  /** Address of the file, which needs no token. A browser saves it as `stride-export.json`. */
  url: string;
  /** When the address ends. */
  expires_at: string;
}

/** The answers with defaults filled in. */
export interface PlanInputs {
  /** Length of the plan in weeks. */
  weeks: number;
  /** Runs a week. */
  runs_per_week: number;
  /** Time to run the marathon in, H:MM:SS. */
  target_time: string;
  /** The longest run that is comfortable today, in `unit`. */
  first_long_run: number;
  /** Unit of `first_long_run`. */
  unit: "km" | "mi";
  /** Weekday of the long run. */
  long_run_day: Weekday;
  /** Day of the race. Absent when none was given. */
  race_date?: string;
  /** The first long run in metres, rounded to 100 m. */
  first_long_run_m: number;
}

/** The headline numbers of a plan. */
export interface PlanSummary {
  /** Length of the plan in weeks. */
  weeks: number;
  /** Number of runs, the race included. */
  runs: number;
  /** Distance of all runs in metres, the race included. */
  total_distance_m: number;
  /** Number of the first of the largest weeks. */
  peak_week: number;
  /** Distance of the largest week in metres, the race not counted. */
  peak_week_distance_m: number;
  /** Distance of the longest long run in metres, the race not counted. */
  peak_long_run_m: number;
  /** By how much the long run grows from one step to the next, as a fraction. 0.1 is 10 %. */
  weekly_increase_rate: number;
  /** Pace of the target time, in seconds per kilometre. */
  race_pace_s_per_km: number;
}

/** Training paces. */
export interface Paces {
  /** Aerobic running at a pace to talk at. */
  easy: Pace;
  /** Long runs. */
  long: Pace;
  /** The marathon itself. Both ends are the same. */
  marathon: Pace;
  /** Comfortably hard, about what could be raced for an hour. */
  tempo: Pace;
  /** Hard repeats of a few minutes. */
  interval: Pace;
  /** Short and fast, with full recovery; strides too. */
  repetition: Pace;
  /** Slower than easy, after hard days and between repeats. */
  recovery: Pace;
}

/** A band of paces. A faster pace is a smaller number. */
export interface Pace {
  /** The fast end, in seconds per kilometre, with at most one decimal. */
  fast_s_per_km: number;
  /** The slow end, in seconds per kilometre, with at most one decimal. */
  slow_s_per_km: number;
}

/** Something that the runner should know about an answer. */
export interface Note {
  /** What it is, for programs. */
  code: NoteCode;
  /** The field of the request that it comes from. In a list the position follows, from 0: `personal_bests/2`. With a slash before it, it is a JSON pointer. */
  field: string;
  /** What it means, in a sentence for people. */
  message: string;
}

/** Seven days of a plan. */
export interface Week {
  /** Number of the week, from 1. */
  week: number;
  /** The week's place in the plan. */
  kind: "build" | "cut_back" | "taper" | "race";
  /** First day of the week. Absent in a plan without dates. */
  start_date?: string;
  /** Distance of all runs of the week in metres, the race included. */
  distance_m: number;
  /** The runs of the week, in order of days. */
  workouts: Workout[];
}

/** One run of a plan. */
export interface Workout {
  /** Name of the run within the plan. `w03-2` is the second run of week 3. */
  id: string;
  /** Weekday of the run. */
  day: Weekday;
  /** Day of the run. Absent in a plan without dates. */
  date?: string;
  /** What the run is for. */
  type: "easy" | "recovery" | "long" | "tempo" | "interval" | "marathon_pace" | "race";
  /** Name of the run for people, with distances in the runner's unit. */
  title: string;
  /** Whole distance in metres. A multiple of 100, but for the race. */
  distance_m: number;
  /** Expected time in seconds, at the middle of every step's pace. */
  duration_s: number;
  /** Pace of the part that the run is for. */
  pace: Pace;
  /** The parts of the run in order. Their distances add up to that of the run. */
  steps: Step[];
  /** Why the run is there. */
  rationale: Rationale;
}

/** A part of a run, or a group of parts that is repeated. */
export type Step = Stretch | Group;

/** A stretch at one pace. */
export interface Stretch {
  /** What the stretch is for. */
  kind: "warm_up" | "work" | "recovery" | "cool_down" | "strides";
  /** Distance in metres. In a group, of one pass. */
  distance_m: number;
  /** Expected time in seconds, at the middle of the pace. In a group, of one pass. */
  duration_s: number;
  /** Pace to run at. */
  pace: Pace;
}

/** Parts that are run several times. */
export interface Group {
  /** How many times the parts are run. */
  repeat: number;
  /** The parts of one pass. */
  steps: Step[];
}

/** Why a run is there. */
export interface Rationale {
  /** The rule that put it there, for programs. */
  rule: "race" | "long_first" | "long_growth" | "long_hold" | "long_peak" | "long_cut_back" | "long_taper" | "easy" | "easy_after_long" | "easy_before_long" | "easy_strides" | "easy_race_week" | "easy_shakeout" | "recovery" | "tempo_repeats" | "tempo_blocks" | "tempo_continuous" | "intervals" | "marathon_pace";
  /** The reason in sentences for people, with distances in the runner's unit. */
  text: string;
  /** The numbers that the rule used. */
  values: RationaleValues;
}

/** The numbers that a rule used. Those that it did not use are absent. */
export interface RationaleValues {
  /** The first long run that the runner named, in metres. */
  first_long_run_m?: number;
  /** The longest run of the four weeks before, in metres. */
  previous_longest_m?: number;
  /** The longest run that may safely follow it, in metres. */
  step_limit_m?: number;
  /** The long run of the week before, in metres. */
  previous_long_run_m?: number;
  /** What a cut-back week keeps of it, as a fraction. */
  share_of_previous?: number;
  /** The longest long run of the plan, in metres. */
  peak_long_run_m?: number;
  /** What the taper keeps of it, as a fraction. */
  share_of_peak?: number;
  /** Distance at marathon pace inside a long run, in metres. */
  at_marathon_pace_m?: number;
  /** Distance at the pace that a hard run is for, in metres. */
  hard_m?: number;
  /** Number of repeats. */
  repeats?: number;
  /** Distance of one repeat, in metres. */
  repeat_m?: number;
  /** Number of strides. */
  strides?: number;
  /** Distance of the week in metres, the race not counted. */
  week_m?: number;
  /** Weeks until race week. */
  weeks_to_race?: number;
  /** Days until the race. */
  days_to_race?: number;
  /** The target time in seconds. */
  target_time_s?: number;
  /** Pace of the target time, in seconds per kilometre. */
  race_pace_s_per_km?: number;
}

/** A day of the week. */
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** What is known about a runner's heart. At least one of `age` and `max_heart_rate` is needed. */
export type HeartRates = {
  /** Age in whole years. The prediction of the maximum was found with people of 18 to 90 years; outside, the answer carries a warning. */
  age?: number | null;
  /** Heart rate at rest in beats per minute, more than 20 below the maximum. */
  resting_heart_rate?: number | null;
  /** Heart rate at the lactate threshold in beats per minute, below the maximum. It is about the mean of the last 20 of 30 minutes all-out. */
  lactate_threshold_heart_rate?: number | null;
  /** Measured maximum heart rate in beats per minute. It goes before the prediction from age. */
  max_heart_rate?: number | null;
};

/** The heart-rate zones of a runner. */
export interface HeartRateZones {
  /** Maximum heart rate in beats per minute, given or predicted. */
  max_heart_rate: number;
  /** The ends of the zones. */
  zones: ZoneEnds;
  /** The age that was given, in years, else `null`. */
  age: number | null;
  /** Standard error of `max_heart_rate` in beats per minute when it was predicted from age, `null` when it was given. */
  standard_error_bpm: number | null;
  /** What the zones are shares of. */
  method: "lactate_threshold" | "karvonen" | "percent_of_maximum";
  /** What makes the zones doubtful. */
  warnings: Note[];
}

/** The highest heart rate of each zone. A zone starts above the end of the one before. */
export interface ZoneEnds {
  /** End of zone 1, very light, in beats per minute. */
  hr_zone_1_max: number;
  /** End of zone 2, easy, in beats per minute. */
  hr_zone_2_max: number;
  /** End of zone 3, moderate, in beats per minute. */
  hr_zone_3_max: number;
  /** End of zone 4, hard, in beats per minute. */
  hr_zone_4_max: number;
  /** End of zone 5, very hard, in beats per minute. */
  hr_zone_5_max: number;
}

/** Results of a runner, best all-out and of the same months. */
export interface PersonalBests {
  /** The results, in any order. */
  personal_bests: PersonalBest[];
}

/** A distance covered in a time, at a pace between 1:20 and 30:00 per kilometre. */
export interface PersonalBest {
  /** Distance in metres. The half marathon is 21097.5, the marathon 42195, a mile 1609.344. */
  distance_m: number;
  /** Time as minutes and seconds or hours, minutes and seconds, with up to three decimals, like `5:24`, `19:57.3` or `1:31:35`. Without hours, minutes may go to 99. */
  time: string;
}

/** What all-out efforts say about endurance. */
export interface CriticalSpeed {
  /** Critical speed in metres per second. */
  critical_speed_m_per_s: number;
  /** The same as a pace, in seconds per kilometre. */
  critical_pace_s_per_km: number;
  /** D′, the distance that can be run above critical speed, in metres. */
  d_prime_m: number;
  /** The model that was fitted, the line of distance over time. */
  model: "linear_distance_time";
  /** How well the numbers are known. */
  quality: FitQuality;
  /** What other models make of the same efforts. The farther they are from each other, the less is known. */
  cross_checks: CrossChecks;
  /** The personal bests in the order given, and what became of them. */
  efforts: Effort[];
  /** What makes the numbers doubtful. */
  warnings: Note[];
}

/** How well a fit is known. With two efforts all numbers but `points_used` are `null`. */
export interface FitQuality {
  /** The judgement in a word. */
  rating: "good" | "fair" | "poor" | "unknown";
  /** Share of the variance that the line explains, 0 to 1. It is near 1 even for a useless fit. */
  r_squared: number | null;
  /** Standard error of the distances about the line, in metres. */
  standard_error_of_estimate_m: number | null;
  /** Standard error of critical speed, in metres per second. */
  critical_speed_standard_error_m_per_s: number | null;
  /** The same in per cent of critical speed. */
  critical_speed_standard_error_percent: number | null;
  /** The 95 % confidence interval of critical speed, low and high end, in metres per second. */
  critical_speed_ci95_m_per_s: [number, number] | null;
  /** Standard error of D′, in metres. */
  d_prime_standard_error_m: number | null;
  /** The same in per cent of D′. */
  d_prime_standard_error_percent: number | null;
  /** The 95 % confidence interval of D′, low and high end, in metres. */
  d_prime_ci95_m: [number, number] | null;
  /** How many efforts were used. */
  points_used: number;
}

/** Critical speed by other models. */
export interface CrossChecks {
  /** The line of speed over 1/time. */
  inverse_time: CrossCheck;
  /** The hyperbola of time over speed. `null` when the efforts are too close together for it. */
  hyperbolic: CrossCheck | null;
}

/** What one model says. */
export interface CrossCheck {
  /** Critical speed in metres per second. */
  critical_speed_m_per_s: number;
  /** D′ in metres. */
  d_prime_m: number;
  /** Standard error of critical speed in metres per second. `null` with two efforts. */
  critical_speed_standard_error_m_per_s: number | null;
  /** Standard error of D′ in metres. `null` with two efforts. */
  d_prime_standard_error_m: number | null;
}

/** A personal best, and what became of it. */
export interface Effort {
  /** Distance in metres. */
  distance_m: number;
  /** Time in seconds. */
  time_s: number;
  /** Whether it was used. */
  used: boolean;
  /** Why it was not used, for programs. `null` when it was. */
  reason: "too_short" | "too_long" | "slower_repeat" | null;
  /** Why it was not used, in a sentence for people. `null` when it was. */
  message: string | null;
}

/** All that personal bests say. */
export interface PerformanceMetrics {
  /** Critical speed, `null` when it cannot be had. */
  critical_speed: CriticalSpeed | null;
  /** Why critical speed cannot be had, in sentences for people. Absent when it can. */
  critical_speed_unavailable_reason?: string;
  /** VDOT of the bests. */
  vdot: VDOT;
  /** The paces to train at, from the best VDOT. Marathon pace is that of the marathon predicted from it. */
  training_paces: Paces;
  /** Predicted races, from 400 m to the marathon. */
  race_predictions: RacePrediction[];
  /** What makes the metrics doubtful. */
  warnings: Note[];
}

/** VDOT: the maximal oxygen uptake that a runner of average economy needs for a result. */
export interface VDOT {
  /** The highest of the bests of three minutes and more, in ml/kg/min. Without such a best, that of the longest. */
  best: number;
  /** VDOT of every best, in the order given. */
  efforts: VDOTEffort[];
}

/** VDOT of one best. */
export interface VDOTEffort {
  /** Distance in metres. */
  distance_m: number;
  /** Time in seconds. */
  time_s: number;
  /** VDOT in ml/kg/min. */
  vdot: number;
}

/** The time expected over a distance. */
export interface RacePrediction {
  /** Name of the distance. */
  name: "400m" | "1km" | "mile" | "5km" | "10km" | "half_marathon" | "marathon";
  /** Distance in metres. */
  distance_m: number;
  /** The model that was used. */
  model: Model;
  /** Expected time in seconds. */
  time_s: number;
  /** The fastest and the slowest time to expect, in seconds. */
  range_s: [number, number];
  /** What makes the prediction doubtful. */
  warnings: Note[];
  /** What the models say that were not used. */
  alternatives: Estimate[];
}

/** A race time by one model. */
export interface Estimate {
  /** The model. */
  model: Model;
  /** Expected time in seconds. */
  time_s: number;
  /** What makes the estimate doubtful. */
  warnings: Note[];
}

/** A model of race times. */
export type Model = "vdot" | "critical_speed" | "riegel";

/** That the service is up. */
export interface Health {
  /** Always `ok`. */
  status: "ok";
}

/** Why there is no other answer (RFC 9457). */
export interface Problem {
  /** What kind of problem it is, for programs. It is also the path of a page about it. */
  type: ProblemType;
  /** What kind of problem it is, for people. The same for every problem of the type. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What to do about it, for people. */
  detail?: string;
  /** The id of the request. */
  instance: string;
  /** What is wrong, one entry for each field, all at once. With the type `/problems/validation`, and with conflicts that a field causes. A fault of two fields is two entries. At most 100 are listed. */
  errors?: FieldError[];
}

/** What is wrong with one field of the body, or with one parameter of the query. */
export interface FieldError {
  /** JSON pointer (RFC 6901) to the field in the body: `/weeks`, `/personal_bests/3/time`. The empty text points to the whole body. */
  pointer?: string;
  /** Or the name of the parameter in the query. */
  parameter?: string;
  /** What is wrong, for programs. */
  code: ErrorCode | FileReason;
  /** What to do about it, in a sentence for people. */
  message: string;
  /** What the field accepts, where that can be said. */
  allowed?: Allowed;
}

/** What a field accepts. What is absent is not limited. */
export interface Allowed {
  /** The smallest value, in the field's own unit and form. For a list, the least number of items. */
  min?: number | string;
  /** The largest value, in the field's own unit and form. For a list, the greatest number of items. */
  max?: number | string;
  /** All values. */
  values?: string[];
}

/** What is wrong with a field. Codes may be added; none is renamed. */
export type ErrorCode = "required" | "wrong_type" | "unknown_field" | "invalid_format" | "out_of_range" | "not_enough_weeks_for_first_long_run" | "implausible_pace" | "not_enough_efforts" | "time_does_not_rise" | "speed_does_not_fall" | "no_critical_speed" | "inconsistent_heart_rates" | "common_password" | "similar_to_email" | "plan_has_no_dates" | "day_taken" | "race_fixed" | "workouts_moved";

/** What a note is about. Codes may be added; none is renamed. */
export type NoteCode = "peak_lowered" | "first_long_run_at_or_above_peak" | "peak_far_below_target" | "extrapolated_pace" | "target_near_limit" | "two_runs_per_week" | "long_run_share_high" | "long_run_over_3h30" | "long_run_over_4h30" | "race_day_differs_from_long_run_day" | "starts_in_past" | "outside_validated_ages" | "two_efforts" | "long_effort" | "narrow_range" | "d_prime_implausible" | "models_disagree" | "vdot_from_short_effort" | "vdot_extrapolated" | "critical_speed_disagrees" | "extrapolated" | "outside_model_range" | "marathon_uncertain";

/** A type of problem. Types may be added; none is renamed. */
export type ProblemType = "/problems/malformed_json" | "/problems/invalid_cursor" | "/problems/invalid_token" | "/problems/invalid_credentials" | "/problems/refresh_invalid" | "/problems/forbidden" | "/problems/not_found" | "/problems/method_not_allowed" | "/problems/conflict" | "/problems/email_taken" | "/problems/idempotency_in_progress" | "/problems/quota_exceeded" | "/problems/too_many_active_plans" | "/problems/workouts_moved" | "/problems/day_taken" | "/problems/race_fixed" | "/problems/workout_of_plan" | "/problems/stale" | "/problems/body_too_large" | "/problems/unsupported_media_type" | "/problems/validation" | "/problems/idempotency_mismatch" | "/problems/bad_file" | "/problems/precondition_required" | "/problems/rate_limited" | "/problems/internal" | "/problems/unavailable";
