# ruff: noqa: F821 - the names that the tools bring
"""Sending beside a bare loop that posts the same bodies and stores nothing.

Interleaved document by document, and compared by medians: so other work of the machine disturbs
all three alike. Then the scheduled action as a whole, beside a loop over the same bodies right
after it: this includes what it does only now and then, and before and after the documents.
"""

TOKEN = os.environ["BENCH_TOKEN"]  # does not enforce numbers: the same body is issued once more
URL = company.smart_base_url + "/facturacion"
GOALS = {50: 0.85, 200: 0.95}


def bare(poster, body):
    """Post a body as the simplest program would; return the seconds it took."""
    start = time.perf_counter()
    answer = poster.post(
        URL,
        data=body.encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - start


def last_body():
    cr.execute("SELECT request_body FROM smart_exchange ORDER BY id DESC LIMIT 1")
    [body] = cr.fetchone()
    cr.rollback()
    return body


def interleaved(count):
    """Drain; after each document post its body twice, over a kept-alive connection and a new one.

    :returns: seconds of each, and seconds of the sender's processor
    """
    drained, busy, alive, anew = [], [], [], []
    session = requests.Session()

    def after_each(_done):
        drained.append(time.perf_counter() - started[0])
        busy.append(time.thread_time() - started[1])
        body = last_body()
        alive.append(bare(session, body))
        anew.append(bare(requests, body))
        started[:] = time.perf_counter(), time.thread_time()
        return True

    started = [time.perf_counter(), time.thread_time()]
    drain(on_progress=after_each)
    # The first ones open connections and load what is loaded once.
    return [one[1:] for one in (drained, busy, alive, anew)]


def waiting():
    count = env["smart.document"].search_count([("state", "in", ("queued", "sending"))])
    cr.rollback()
    return count


def scheduled_action():
    """Run the real one as the scheduler does, again while it leaves something; return seconds."""
    company._smart_make_actions()
    action = company.smart_sending_action_id
    cr.commit()
    start = time.perf_counter()
    left, before = waiting(), None
    while left:
        assert left != before, "the scheduled action sends nothing"
        outcome = action.method_direct_trigger()
        assert outcome is True, outcome
        cr.commit()
        left, before = waiting(), left
    return time.perf_counter() - start


def bodies(documents):
    """Return what was sent for documents, in the order in which it was sent."""
    cr.execute(
        "SELECT request_body FROM smart_exchange"
        " WHERE document_id = ANY(%s) AND operation = 'issue' ORDER BY id",
        (documents.ids,),
    )
    found = [body for (body,) in cr.fetchall()]
    cr.rollback()
    assert len(found) == len(documents)
    return found


def whole(count):
    """Return the seconds of a whole run of the scheduled action, and of a bare loop."""
    documents = queue(count)
    seconds = scheduled_action()
    issued(documents)
    sent = bodies(documents)
    start = time.perf_counter()
    with requests.Session() as session:
        for body in sent:
            bare(session, body)
    return seconds, time.perf_counter() - start


queue(5)
drain()
queue(5)
scheduled_action()
for delay in (0, 50, 200):
    count = int(os.environ[f"BENCH_DOCUMENTS_{delay}"]) + 1
    documents = queue(count)
    control("/latency", {"ms": delay})
    drained, busy, alive, anew = interleaved(count)
    issued(documents)
    middle = statistics.median
    figure(f"drain, {delay} ms of delay", 1 / middle(drained), "documents/s")
    figure(f"bare loop, kept alive, {delay} ms", 1 / middle(alive), "documents/s")
    figure(f"bare loop, new connections, {delay} ms", 1 / middle(anew), "documents/s")
    figure(
        f"drain / bare loop, {delay} ms",
        middle(alive) / middle(drained),
        "ratio",
        goal=(">=", GOALS[delay]) if delay in GOALS else None,
        spread=[one / other for one, other in zip(alive, drained, strict=True)],
    )
    figure(f"drain / new connections, {delay} ms", middle(anew) / middle(drained), "ratio")
    figure(f"processor time of the sender, {delay} ms", middle(busy) * 1000, "ms/document")
    count = int(os.environ[f"BENCH_WHOLE_{delay}"])
    if not count:
        continue
    seconds, loop = whole(count)
    figure(f"scheduled action, {count} at once, {delay} ms", count / seconds, "documents/s")
    figure(f"bare loop, {count} at once, {delay} ms", count / loop, "documents/s")
    figure(
        f"scheduled action / bare loop, {count} at once, {delay} ms",
        loop / seconds,
        "ratio",
        goal=(">=", GOALS[delay]) if delay in GOALS else None,
    )

control("/latency", {"ms": 0})
costs = {}
for count in (5, 25):  # the difference: without what a run costs once
    documents = queue(count)
    costs[count] = counted(drain)
    issued(documents)
for index, what in enumerate(("SQL queries", "commits")):
    value = (costs[25][index] - costs[5][index]) / 20
    figure(f"{what} per document", value, f"{what.split()[-1]}/document")
finish()
