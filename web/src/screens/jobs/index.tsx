import { useEffect, useState } from 'preact/hooks';
import { isActive, jobsHere, jobsLive } from '../../state/jobs.js';
import { mayChange } from '../../state/session.js';
import { counted } from '../../ui/format.js';
import { ScreenHead } from '../../ui/screen.js';
import { JobCard } from './job-card.js';
import { StartPanel } from './start-panel.js';
import { UploadPanel } from './upload-panel.js';
import '../../jobs/derived.css';
import './jobs.css';

/** Long work on the collection: what runs, what was done, what can be. */
export default function JobsScreen() {
  const running = jobsHere.value.filter(isActive);
  const ended = jobsHere.value.filter((job) => !isActive(job));
  const nowMs = useNow(running.length > 0 ? 1_000 : 20_000);
  return (
    <>
      <ScreenHead
        title="Jobs"
        about={running.length > 0 ? `${counted(running.length, 'job')} running` : 'None is running'}
      >
        <span class={`live-mark${jobsLive.value ? ' on' : ''}`} role="status">
          {jobsLive.value ? 'Live' : 'Connecting …'}
        </span>
      </ScreenHead>
      <div class="scroll jobs-scroll">
        <div class="jobs-lists">
          {running.length > 0 && (
            <section aria-labelledby="jobs-now">
              <h2 id="jobs-now">Now</h2>
              <ul class="job-list">
                {running.map((job) => (
                  <JobCard key={job.id} job={job} nowMs={nowMs} />
                ))}
              </ul>
            </section>
          )}
          <section aria-labelledby="jobs-before">
            <h2 id="jobs-before">History</h2>
            {ended.length === 0 ? (
              <p class="muted jobs-none">
                Nothing has been done yet. {mayChange() && 'Start something, or drop images to add them.'}
              </p>
            ) : (
              <ul class="job-list">
                {ended.map((job) => (
                  <JobCard key={job.id} job={job} nowMs={nowMs} />
                ))}
              </ul>
            )}
          </section>
        </div>
        {mayChange() && (
          <div class="jobs-side">
            <UploadPanel />
            <StartPanel />
          </div>
        )}
      </div>
    </>
  );
}

/** The time, told again after each interval, for what says how long ago something was. */
function useNow(intervalMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return nowMs;
}
