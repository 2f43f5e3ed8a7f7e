"""Contracts on assets, and who signs which of the month's offers."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled


@compiled
def running_contracts(
    rows: np.ndarray, signed: np.ndarray, deal: np.ndarray, option: np.ndarray, ended: np.ndarray, never: int
) -> np.ndarray:
    """Running contracts and options on assets (rows), each once."""
    found, number = np.empty(len(rows) * (deal.shape[1] + 1), np.int64), 0
    for row in rows:
        if signed[row] == 0:
            continue
        first = number
        for region in range(deal.shape[1] + 1):
            contract = deal[row, region] if region < deal.shape[1] else option[row]
            if contract >= 0 and ended[contract] == never and contract not in found[first:number]:
                found[number] = contract
                number += 1
    return found[:number].copy()


@compiled
def best_bids(bids: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Place of the highest bid of each offer that is still open (``place`` -1), -1 where nobody bids more than 0."""
    best = np.full(len(bids), -1)
    for i in range(len(bids)):
        if place[i] < 0:
            highest = 0.0
            for k in range(bids.shape[1]):
                if bids[i, k] > highest:
                    highest, best[i] = bids[i, k], k
    return best


@compiled
def match(bids: np.ndarray, suitors: np.ndarray, size: int) -> np.ndarray:
    """Place of each offer's buyer among its ``suitors``, -1 for none; ``bids`` (offers, breadth) are 0 where none.

    In rounds, every offer names its highest bidder; each of these signs its highest bid (the earlier offer at a tie),
    and its other bids fall away. ``size`` is the number of firms.
    """
    bids, place = bids.copy(), np.full(len(bids), -1)
    asked, signed = np.full(size, -1), np.zeros(size, np.bool_)
    while True:
        best, over = best_bids(bids, place), True
        for i in range(len(bids)):
            if best[i] >= 0:
                buyer, over = suitors[i, best[i]], False
                if asked[buyer] < 0 or bids[i, best[i]] > bids[asked[buyer], best[asked[buyer]]]:
                    asked[buyer] = i
        if over:
            return place
        for i in range(len(bids)):
            if best[i] >= 0 and asked[suitors[i, best[i]]] == i:
                place[i] = best[i]
                signed[suitors[i, best[i]]] = True
        for i in range(len(bids)):
            for k in range(bids.shape[1]):
                if suitors[i, k] >= 0 and signed[suitors[i, k]]:
                    bids[i, k] = 0.0


@compiled
def ranked(bids: np.ndarray, forgone: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(what owners forgo for their highest bidder, number of bidders, highest bid, second highest), (offers,) each."""
    size = len(bids)
    kept, bidders, best, second = np.empty(size), np.zeros(size, np.int64), np.zeros(size), np.zeros(size)
    for i in range(size):
        highest = 0
        for k in range(bids.shape[1]):
            bidders[i] += bids[i, k] > 0.0
            if bids[i, k] > bids[i, highest]:
                highest = k
        for k in range(bids.shape[1]):
            if k != highest:
                second[i] = max(second[i], bids[i, k])
        kept[i], best[i] = forgone[i, highest], bids[i, highest]
    return kept, bidders, best, second


@compiled
def out_of_region(
    asset: np.ndarray, region: np.ndarray, mature: np.ndarray, origin: np.ndarray, seller: np.ndarray,
    buyer: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Medicines on the market and contracts signed outside the region that they come from, by that region, (10,).

    ``asset``, ``region`` and ``mature`` are of positions, ``origin`` of assets; ``seller`` and ``buyer`` homes of the
    partners.
    """
    found = np.zeros(10)
    for row in range(len(asset)):
        here = origin[asset[row]]
        if here != region[row] and not mature[row]:
            found[here] += 1.0
    for row in range(len(seller)):
        if seller[row] != buyer[row]:
            found[seller[row]] += 1.0
    return found


@compiled
def payable(
    rows: np.ndarray, payer: np.ndarray, payee: np.ndarray, amount: np.ndarray, ended: np.ndarray, never: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(contracts, who pays, who is paid, million US$) where something is due between two under a running contract."""
    size, found = len(rows), 0
    deal, owing, owed = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    due = np.empty(size, amount.dtype)
    for i, row in enumerate(rows):
        if amount[i] > 0.0 and payer[i] != payee[i] and ended[row] == never:
            deal[found], owing[found], owed[found], due[found] = row, payer[i], payee[i], amount[i]
            found += 1
    return deal[:found].copy(), owing[:found].copy(), owed[:found].copy(), due[:found].copy()


@compiled
def move_rights(
    rows: np.ndarray, territory: np.ndarray, asset: np.ndarray, payer: np.ndarray, kind: np.ndarray, sale: int,
    home_bit: np.ndarray, home: np.ndarray, holder: np.ndarray, deal: np.ndarray, involved: np.ndarray,
) -> None:  # fmt: skip
    """Give payers of contracts (rows) the rights in a territory, bool (rows, 10): those of a ``sale`` without a bond.

    ``home_bit`` (10,) marks the ``home`` of a firm among those ``involved`` in an asset.
    """
    for i, row in enumerate(rows):
        what, buyer = asset[row], payer[row]
        involved[what] |= home_bit[home[buyer]]
        for region in range(territory.shape[1]):
            if territory[i, region]:
                holder[what, region] = buyer
                deal[what, region] = -1 if kind[row] == sale else row


@compiled
def milestones_due(
    rows: np.ndarray, asset: np.ndarray, phase: np.ndarray, signed_in: np.ndarray, ahead: np.ndarray,
    promised: np.ndarray, paid: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Development milestones due on assets that have just entered their ``phase``, million US$, (rows,).

    ``ahead`` is the part due on entering a phase or a later one; ``signed_in`` is the phase at signing. What has
    not been ``paid`` for phases that were left out is due with the next.
    """
    due = np.zeros(len(rows))
    for i, row in enumerate(rows):
        now, before = phase[asset[row]], signed_in[row]
        if before < now:
            part = 1.0 - ahead[now + 1] / ahead[before + 1]
            due[i] = max(part * promised[row] - paid[row], 0.0)
            paid[row] += due[i]
    return due


@compiled
def hand_over(
    rows: np.ndarray, heir: np.ndarray, burn: np.ndarray, phase: np.ndarray, marketed: int, sponsor: np.ndarray,
    trial_burn: np.ndarray, candidates: np.ndarray,
) -> None:  # fmt: skip
    """Make heirs (rows,) the sponsors of assets (rows): what their trials cost and who develops what moves along."""
    for row in rows:
        trial_burn[sponsor[row]] -= burn[row]
        candidates[sponsor[row]] -= phase[row] < marketed
    for i, row in enumerate(rows):
        trial_burn[heir[i]] += burn[row]
        candidates[heir[i]] += phase[row] < marketed
    for i, row in enumerate(rows):
        trial_burn[sponsor[row]] = max(trial_burn[sponsor[row]], 0.0)
        trial_burn[heir[i]] = max(trial_burn[heir[i]], 0.0)
        sponsor[row] = heir[i]


@compiled
def inherit(payee: np.ndarray, payer: np.ndarray, ended: np.ndarray, never: int, heir: np.ndarray) -> np.ndarray:
    """Let heirs (``heir`` by firm) take the place of the parties of contracts; running ones that now have one party."""
    joined, found = np.empty(len(ended), np.int64), 0
    for row in range(len(ended)):
        payee[row], payer[row] = heir[payee[row]], heir[payer[row]]
        if payee[row] == payer[row] and ended[row] == never:
            joined[found] = row
            found += 1
    return joined[:found].copy()


@compiled
def count_signed(
    rows: np.ndarray, seller: np.ndarray, buyer: np.ndarray, upfront: np.ndarray, exercise: np.ndarray,
    development: np.ndarray, commercial: np.ndarray, deals: np.ndarray, headline: np.ndarray, paid: np.ndarray,
    cross_border: np.ndarray, out: np.ndarray, out_headline: np.ndarray, out_paid: np.ndarray, into: np.ndarray,
) -> None:  # fmt: skip
    """Count contracts (rows) by home of the seller, their headlines and upfronts too, and those abroad once more.

    ``seller`` and ``buyer`` are the homes of the partners of all contracts; the counts are (10,) each.
    """
    for row in rows:
        home, whole = seller[row], upfront[row] + exercise[row] + development[row] + commercial[row]
        deals[home] += 1.0
        headline[home] += whole
        paid[home] += upfront[row]
        if home != buyer[row]:
            cross_border[home] += 1.0
            out[home] += 1.0
            out_headline[home] += whole
            out_paid[home] += upfront[row]
            into[buyer[row]] += 1.0


@compiled
def book(
    deal: np.ndarray, payer: np.ndarray, payee: np.ndarray, amount: np.ndarray, cash: np.ndarray,
    income_12: np.ndarray, income_year: np.ndarray, paid: np.ndarray, home: np.ndarray, by_region: np.ndarray,
) -> None:  # fmt: skip
    """Move amounts between firms under contracts; ``by_region`` (10,) adds them up by the ``home`` of the seller."""
    for i in range(len(deal)):
        cash[payer[i]] -= amount[i]
    for i in range(len(deal)):
        cash[payee[i]] += amount[i]
        income_12[payee[i]] += amount[i]
        income_year[payee[i]] += amount[i]
        paid[deal[i]] += amount[i]
        by_region[home[deal[i]]] += amount[i]
    for i in range(len(deal)):
        income_12[payer[i]] -= amount[i]
        income_year[payer[i]] -= amount[i]


@compiled
def shared_costs(
    ended: np.ndarray, never: int, asset: np.ndarray, kind: np.ndarray, payer: np.ndarray, payee: np.ndarray,
    takes_over: np.ndarray, profit_share: np.ndarray, burn: np.ndarray, sponsor: np.ndarray, licence: int,
    codevelopment: int, licensees_part: np.float32,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(running contracts, who pays, who runs the trials, what is paid, million US$) for the trials of a quarter.

    The seller pays its ``profit_share`` in a codevelopment, the licensee of a part of the world ``licensees_part``.
    """
    size = len(ended)
    rows, owing, owed = np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.int32)
    amount, found = np.empty(size), 0
    for row in range(size):
        if ended[row] != never or burn[asset[row]] <= 0.0:
            continue
        runs = sponsor[asset[row]]
        if kind[row] == codevelopment and runs == payer[row]:
            owing[found], part = payee[row], profit_share[row]
        elif kind[row] == licence and not takes_over[row] and runs == payee[row]:
            owing[found], part = payer[row], licensees_part
        else:
            continue
        rows[found], owed[found], amount[found] = row, runs, part * (3 * burn[asset[row]])
        found += 1
    return rows[:found].copy(), owing[:found].copy(), owed[:found].copy(), amount[:found].copy()
