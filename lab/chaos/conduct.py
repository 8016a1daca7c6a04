"""Whether a run was one that proves something, and whether the queue behaved in it."""

import re

from .plan import LAST

#: The least share of the armed faults that calls must have met.
MET_SHARE = 0.6

#: What blocks a queue until somebody acts, and how its reason is recognised.
BLOCKING = {"unauthorized": r"\(\w+ 401\)", "out_of_control_numbers": r"\(\w+ 12\)"}


def met_share(armed, met):
    """Return the share of the armed faults of the service that a call met.

    :param dict armed: how many calls were to meet each kind
    :param dict met: how many did
    """
    wanted = sum(armed.values())
    # One that came twice does not make up for another that never came.
    return sum(min(met.get(kind, 0), times) for kind, times in armed.items()) / max(wanted, 1)


def flaws(faults, armed, met, blocks, pauses_ended, gave_up):
    """Return in words what is wrong with a run, whatever became of its documents.

    :param faults: of the plan
    :param dict armed: see :func:`met_share`, as ``met``
    :param dict blocks: how often a queue was found blocked, by reason
    :param int pauses_ended: how many pauses ended by themselves
    :param list gave_up: what the run did not wait for any longer
    """
    found = list(gave_up)
    share = met_share(armed, met)
    if armed and share < MET_SHARE:
        found.append(f"only {share:.0%} of the faults were met by a call")
    for reason, times in blocks.items():
        kind = next((one for one, words in BLOCKING.items() if re.search(words, reason)), None)
        explained = met.get(kind, 0)
        if times > explained:
            found.append(f"blocked {times} times, {explained} of them by a fault: {reason}")
    if faults and faults[-1].at == LAST and pauses_ended < faults[-1].count:
        found.append(f"{pauses_ended} pauses ended by themselves, {faults[-1].count} were to come")
    return found
