# ruff: noqa: F821 - the names that the tools bring
"""Memory, and the pace, while a long queue is drained."""

COUNT = int(os.environ["BENCH_DOCUMENTS"])
STEP = COUNT // 10


def resident():
    """Return the megabytes of memory that this process holds."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


queue(20)
drain()
document = queue(1)
copies(
    cr, "smart_document", document.id, COUNT - 1, move_id="NULL",
    queue_position="nextval('smart_document_queue_position_seq')",
)  # fmt: skip
cr.commit()
samples, times, done = [], [time.perf_counter()], 0


def after_each(count):
    global done
    done += count
    if done % STEP == 0:
        samples.append(resident())
        times.append(time.perf_counter())
    return True


drain(on_progress=after_each)
assert env["smart.document"].search_count([("state", "=", "issued")]) == 20 + COUNT
for number, sample in enumerate(samples, start=1):
    figure(f"memory after {number * STEP:,} documents", sample, "MB")
growth = samples[-1] - samples[0]
figure(f"growth from {STEP:,} to {COUNT:,} documents", growth, "MB", goal=("<=", 5.0))
pace = [after - before for before, after in zip(times, times[1:], strict=False)]
figure("pace: last tenth / first tenth", pace[-1] / pace[0], "ratio")
finish()
