"""What assets look worth, row by row: the inner loops of :mod:`model.mechanisms.valuation`.

Rows are assets (with their sponsors' homes) or pairs of firm and asset; regions are columns 0-9.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.compiling import compiled, inner


class Worth(NamedTuple):
    """What decides the worth of an asset: columns of the assets, and how the industry reads them."""

    phase: np.ndarray
    area: np.ndarray
    belief: np.ndarray
    novel: np.ndarray
    started: np.ndarray
    origin: np.ndarray
    prospect: np.ndarray
    """Present value of a dollar of yearly revenue by phases passed and area, (6, 16)."""
    edge: np.ndarray
    """Signal that gives a follower half an edge abroad, by month of start and origin, (months, 10)."""
    least: float
    """Part of their value that followers keep abroad."""
    weight: float
    """Of the signal."""
    premium: float
    """Of what is novel, and loss of what is not, in logs."""


class Selling(NamedTuple):
    """What selling takes: capabilities of firms, and what those pay and reach that come anew to a region."""

    skill: np.ndarray
    """Commercial capability, (firms, 10)."""
    trust: np.ndarray
    """Trust of prescribers, (firms, 10)."""
    home: np.ndarray
    """Home region, (firms,)."""
    left: np.ndarray
    """What presence abroad leaves of a value, by home and region, (10, 10)."""
    able: float
    """Capability of those who sell without building anything first."""
    usual: float
    """Trust from which a value is reached in full."""
    peak: np.ndarray
    """Part of the value that a newcomer reaches, by segment and region, (2, 10)."""
    build: np.ndarray
    """Cost of building a sales organisation, million US$, (2, 10)."""
    run: np.ndarray
    """Cost of running it, million US$, (2, 10)."""
    share: float
    """Part of the running cost that one more product carries."""
    access: np.ndarray
    """Market access capability, (firms, 10)."""
    versed: float
    """Access capability at which payers list what they usually list, in their usual time."""
    listed: np.ndarray
    """Log-odds of being listed with that, (10,)."""
    weight: float
    """Log-odds that a unit of missing access capability costs."""
    late: np.ndarray
    """Part of the value lost to longer negotiations by a unit of missing access capability, (10,)."""
    newcomer: np.ndarray
    """Part of the value that payers leave to who has just built an organisation, (10,); see :func:`paid`."""
    lean: float
    """Cost of trials of research firms against that of large ones."""


@inner
def factors_of(row: int, passed: int, worth: Worth) -> tuple[float, float]:
    """(value per expected yearly revenue at home, share of that abroad) of an asset that has passed so many phases.

    Beliefs count for more the later the phase; followers whose benefit does not beat the edge of their month of start
    and origin keep the least of their value abroad.
    """
    signal = min(max(worth.belief[row], -2.0), 3.0) * min(0.35 + 0.15 * passed, 1.0)
    own = worth.premium if worth.novel[row] else -worth.premium
    at_home = worth.prospect[passed, worth.area[row]] * np.exp(worth.weight * signal + own)
    if worth.novel[row]:
        return at_home, 1.0
    lead = signal - worth.edge[max(worth.started[row], 0), worth.origin[row]]
    return at_home, worth.least + (1.0 - worth.least) / (1.0 + np.exp(-2.5 * lead))


@compiled
def factors(rows: np.ndarray, given: np.ndarray, worth: Worth) -> tuple[np.ndarray, np.ndarray]:
    """(value per expected yearly revenue at home, share of that abroad), (rows,) each, of assets (rows).

    ``given`` (rows,) phases are taken as passed.
    """
    at_home, abroad = np.empty(len(rows)), np.empty(len(rows))
    for i, row in enumerate(rows):
        passed = min(worth.phase[row] + given[i], worth.prospect.shape[0] - 1)
        at_home[i], abroad[i] = factors_of(row, passed, worth)
    return at_home, abroad


@compiled
def summed(
    rows: np.ndarray, given: int, indication: np.ndarray, outlook: np.ndarray, outlook_sum: np.ndarray, worth: Worth
) -> np.ndarray:
    """Value of assets (rows) over all regions, (rows,): expected revenue times the factors at home and abroad.

    ``given`` phases are taken as passed.
    """
    value = np.empty(len(rows))
    for i, row in enumerate(rows):
        kind, passed = indication[row], min(worth.phase[row] + given, worth.prospect.shape[0] - 1)
        at_home, abroad = factors_of(row, passed, worth)
        own = outlook[kind, worth.origin[row]]
        value[i] = at_home * (abroad * outlook_sum[kind] + (1.0 - abroad) * own)
    return value


@compiled
def by_sponsor(
    rows: np.ndarray, value: np.ndarray, sponsor: np.ndarray, phase: np.ndarray, clinical: int, late: int, firms: int
) -> np.ndarray:
    """Value of candidates (rows), number from phase ``clinical`` and from phase ``late`` on by sponsor, (3, firms)."""
    found = np.zeros((3, firms))
    for i, row in enumerate(rows):
        who = sponsor[row]
        found[0, who] += value[i]
        found[1, who] += phase[row] >= clinical
        found[2, who] += phase[row] >= late
    return found


@compiled
def trials_ahead(
    rows: np.ndarray, phase: np.ndarray, area: np.ndarray, waiting: np.ndarray, origin: np.ndarray,
    sponsor: np.ndarray, success: np.ndarray, cost: np.ndarray, local: np.ndarray, last: int, firms: int,
) -> np.ndarray:  # fmt: skip
    """Cost of the next phase of candidates before phase ``last`` by sponsor, (firms,).

    What runs counts by its odds of getting there (``success`` by phase and area), what waits in full. ``cost`` is by
    phase, ``local`` what it is at the origin against the US.
    """
    found = np.zeros(firms)
    for row in rows:
        now = phase[row]
        if now < last:
            odds = 1.0 if waiting[row] else success[now, area[row]]
            found[sponsor[row]] += cost[now + 1] * odds * local[origin[row]]
    return found


@compiled
def by_region(
    at_home: np.ndarray, abroad: np.ndarray, outlook: np.ndarray, indication: np.ndarray, home: np.ndarray
) -> np.ndarray:
    """Value of assets by region, (rows, 10): expected revenue times the factor at home or abroad."""
    value = np.empty((len(at_home), outlook.shape[1]))
    for i in range(len(at_home)):
        away = at_home[i] * abroad[i]
        for region in range(outlook.shape[1]):
            value[i, region] = outlook[indication[i], region] * away
        value[i, home[i]] = outlook[indication[i], home[i]] * at_home[i]
    return value


@inner
def paid_for(access: float, versed: float, listed: float, weight: float, late: float) -> float:
    """Part of the value that payers leave to a marketer of such access capability, 1 to one who is ``versed``.

    ``listed`` are the log-odds of that one, ``weight`` and ``late`` what a unit of missing capability costs.
    """
    lack = max(versed - access, 0.0)
    odds = (1 + np.exp(-listed)) / (1 + np.exp(weight * lack - listed))
    return odds * max(1 - late * lack, 0.0)


@compiled
def paid(access: float, versed: float, listed: np.ndarray, weight: float, late: np.ndarray) -> np.ndarray:
    """Part of the value that payers of each region leave to a marketer of such access capability, (10,)."""
    part = np.empty(len(listed))
    for region in range(len(part)):
        part[region] = paid_for(access, versed, listed[region], weight, late[region])
    return part


@inner
def sell_by(who: int, kind: int, value: np.ndarray, odds: float, selling: Selling, net: np.ndarray) -> None:
    """Value of selling alone to a firm, by region: what trust and payers leave of it, less selling and building.

    Newcomers build a sales organisation first, which brings people who know the payers as well as the prescribers.

    ``kind`` is the segment, ``odds`` how likely the cost is ever paid; ``net`` (10,) is filled.
    """
    for region in range(len(value)):
        trusted = min(selling.trust[who, region] / selling.usual, 1.0)
        reached = value[region] * (0.5 + 0.5 * trusted) * selling.left[selling.home[who], region]
        cost, access = selling.run[kind, region] * selling.share, selling.access[who, region]
        anew = selling.skill[who, region] < selling.able
        if anew:
            reached *= selling.peak[kind, region]
            cost = selling.run[kind, region] + selling.build[kind, region]
        if anew and access <= selling.able:
            paid = selling.newcomer[region]
        else:
            paid = paid_for(access, selling.versed, selling.listed[region], selling.weight, selling.late[region])
        net[region] = reached * paid - cost * odds


@inner
def best_of(
    own: np.ndarray, alone: np.ndarray, cost: float, next_cost: float, rest: float, resold: np.ndarray, later: float,
    best: np.ndarray,
) -> None:  # fmt: skip
    """Net present value of rights by region: the best of selling (``alone``), partnering one step on, and nothing.

    Regions bear the development ``cost`` or ``next_cost`` by their part in the value that is one's ``own``; partners
    to come see ``resold`` of that, have the ``rest`` of the cost to pay and leave the part ``later`` of what remains.
    ``best`` (10,) is filled.
    """
    whole = 0.0
    for region in range(len(own)):
        whole += own[region]
    whole = max(whole, 1e-9)
    for region in range(len(own)):
        part = own[region] / whole
        partnered = later * max(own[region] * resold[region] - part * rest, 0.0) - part * next_cost
        best[region] = max(alone[region] - part * cost, partnered, 0.0)


@compiled
def alone(firm: np.ndarray, segment: np.ndarray, value: np.ndarray, odds: np.ndarray, selling: Selling) -> np.ndarray:
    """Value of selling alone by region, (rows, 10), to firms (rows)."""
    net = np.empty(value.shape)
    for i in range(len(firm)):
        sell_by(firm[i], segment[i], value[i], odds[i], selling, net[i])
    return net
