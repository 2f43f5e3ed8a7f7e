"""A month of the market, position by position: shares that demand settles at, uptake, erosion, earnings, safety.

A position is one medicine in one region. Arrays of positions have shape (positions,), of firms (firms,); regions are
columns 0-9. What a function changes stands last among its arguments.
"""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled, inner
from model.kernels.luck import unit


@compiled
def choosing(active: np.ndarray, mature: np.ndarray, indication: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Positions on the market whose indication is ``due`` for a choice; old originals are none."""
    found, number = np.empty(len(active), np.int64), 0
    for row in range(len(active)):
        if due[indication[row]] and active[row] and not mature[row]:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def appeal(
    rows: np.ndarray, indication: np.ndarray, region: np.ndarray, firm: np.ndarray, price: np.ndarray,
    benefit: np.ndarray, order: np.ndarray, covered: np.ndarray, value: np.ndarray, level: np.ndarray,
    trust: np.ndarray, skill: np.ndarray, slopes: np.ndarray, home: np.ndarray, tension: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Weight of each position in the choice of medicines (McFadden 1974), (rows,).

    ``value`` is what an indication is worth in the US of the 2020s, ``level`` what invoices of a region are against
    that; ``slopes`` weigh benefit, price, order of entry, brand trust and promotion. ``tension`` (home, region) is the
    log loss of firms of a ``home`` (firms,).
    """
    weight = np.empty(len(rows))
    for i, row in enumerate(rows):
        here, who = region[row], firm[row]
        dear = np.log(max(price[row], 1.0) / max(value[indication[row]] * level[here], 1.0))
        utility = slopes[0] * min(max(benefit[row], -2.5), 3.0)
        utility -= slopes[1] * min(max(dear, -2.0), 3.0)
        utility -= slopes[2] * np.log(order[row])
        utility += slopes[3] * trust[who, here] + slopes[4] * skill[who, here] - tension[home[who], here]
        weight[i] = np.exp(utility) * covered[row]
    return weight


@compiled
def settle(
    rows: np.ndarray, weight: np.ndarray, indication: np.ndarray, region: np.ndarray, protected: np.ndarray, month: int,
    outside: np.ndarray, copies: float, share: np.ndarray,
) -> None:  # fmt: skip
    """Set the shares of protected positions: weight over all weights of the cell and what is chosen instead.

    ``outside`` (indications,) weighs doing without; medicines out of protection add ``copies`` times their weight.
    """
    chosen, cheap = np.zeros((len(outside), 10)), np.zeros((len(outside), 10))
    for i, row in enumerate(rows):
        into = chosen if protected[row] > month else cheap
        into[indication[row], region[row]] += weight[i]
    for i, row in enumerate(rows):
        if protected[row] > month:
            cell = indication[row], region[row]
            share[row] = weight[i] / (outside[cell[0]] + copies * cheap[cell] + chosen[cell])


@compiled
def take_up(
    live: np.ndarray, month: int, indication: np.ndarray, region: np.ndarray, firm: np.ndarray, mature: np.ndarray,
    launched: np.ndarray, protected: np.ndarray, share: np.ndarray, reach: np.ndarray, eligible: np.ndarray,
    skill: np.ndarray, usual: float, pace: np.ndarray, innovation: float, imitation: float, drift: np.ndarray,
    cut: np.ndarray, cut_age: np.ndarray, cut_least: float, patients: np.ndarray, price: np.ndarray,
    sales: np.ndarray, copies: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Patients of protected positions move towards their share of the eligible (Bass 1969); prices drift.

    ``usual`` is the commercial capability of the speed of the data, ``pace`` what supply allows by region. Positions
    that are older than ``cut_age`` (years, by region) and sold more than ``cut_least`` have their price cut by law.
    ``sales`` becomes the month's sales before erosion, million US$; returns the positions out of protection.
    """
    old = np.empty(len(live), np.int64)
    number = 0
    for row in live:
        if mature[row] or launched[row] > month:
            continue
        here = region[row]
        if protected[row] > month:
            target = max(eligible[indication[row], here] * share[row] * reach[row], 1e-9)
            reached = min(patients[row] / target, 1.5)
            speed = (0.5 + 0.5 * skill[firm[row], here] / usual) * pace[here]
            step = (innovation + imitation * reached) * (1.0 - reached) / 12.0 * speed
            patients[row] = max(reached + step, 0.0) * target
        elif protected[row] < month:
            old[number] = row
            number += 1
        price[row] *= drift[here]
        uncut = patients[row] * price[row] / 12e6
        late = (month - launched[row]) / 12.0 > cut_age[here] and uncut * 12.0 > cut_least
        sales[row] = uncut * (1.0 - cut[here] if late else 1.0)
        copies[row] = 0.0
    return old[:number]


@inner
def _fade(years: float, one: float, two: float, five: float) -> float:
    """Level after ``years`` off patent: 1 at expiry, given after one, two and five years, linear in between."""
    first = (one - 1.0) * min(max(years, 0.0), 1.0)
    second = (two - one) * min(max(years - 1.0, 0.0), 1.0)
    return 1.0 + first + second + (five - two) * min(max((years - 2.0) / 3.0, 0.0), 1.0)


@compiled
def erode(
    rows: np.ndarray, month: int, protected: np.ndarray, asset: np.ndarray, region: np.ndarray, modality: np.ndarray,
    volume: np.ndarray, price: np.ndarray, cut: np.ndarray, sales: np.ndarray, copies: np.ndarray,
) -> None:  # fmt: skip
    """Divide the sales at expiry of positions (rows) out of protection: what originals keep, what copies take.

    ``volume`` and ``price`` hold what is left after one, two and five years, (3, modalities, regions);
    ``modality`` is that of each asset.
    """
    for row in rows:
        cell, years = (modality[asset[row]], region[row]), (month - protected[row]) / 12.0
        left = _fade(years, volume[0][cell], volume[1][cell], volume[2][cell])
        molecule = _fade(years, price[0][cell], price[1][cell], price[2][cell]) * (1.0 - cut[cell[1]])
        original = min(left, 0.9 * molecule)
        later = np.exp(-0.06 * (years - 5.0)) if years > 5.0 else 1.0
        copies[row] = sales[row] * ((molecule - original) * later)
        sales[row] *= original * later


@compiled
def book(
    rows: np.ndarray, region: np.ndarray, firm: np.ndarray, sales: np.ndarray, discount: np.ndarray,
    mature: np.ndarray, asset: np.ndarray, modality: np.ndarray, making: np.ndarray, selling: float,
    safety: np.ndarray, home: np.ndarray, tariff: np.ndarray, plant: np.ndarray, month: int, income: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(place of each firm among the sellers, from 1 on, 0 if it sells nothing; what sellers earn), million US$.

    What they earn are (sellers, 4) sums of invoice sales, income, tariffs paid and the cost of making, selling and
    watching, which takes nine tenths of income at most. ``making`` is the cost share by modality and home, ``safety``
    the cost of watching a position by region, ``tariff`` (region, home) a share from which a firm is exempt by a plant
    in the region: ``plant`` (firms, regions) is the month it is ready. ``income`` (rows,) becomes sales after rebates.
    """
    place, sums, sellers = np.zeros(len(home), np.int32), np.empty((len(rows), 4)), 0
    for i, row in enumerate(rows):
        here, who = region[row], firm[row]
        origin = home[who]
        earned = sales[row] * (1.0 - discount[row])
        cost = earned * (making[modality[asset[row]], origin] + selling)
        if sales[row] > 0.0 and not mature[row]:
            cost += safety[here]
        income[i] = earned
        if not place[who]:
            sums[sellers] = 0.0
            sellers += 1
            place[who] = sellers
        mine = place[who] - 1
        sums[mine, 0] += sales[row]
        sums[mine, 1] += earned
        if tariff[here, origin] != 0.0 and plant[who, here] > month:
            sums[mine, 2] += earned * tariff[here, origin]
        sums[mine, 3] += min(cost, 0.9 * earned)
    return place, sums[:sellers]


@compiled
def pay_firms(
    place: np.ndarray, sums: np.ndarray, cash: np.ndarray, sales_year: np.ndarray, income_year: np.ndarray,
    sales_12: np.ndarray, income_12: np.ndarray,
) -> tuple[float, float, float]:  # fmt: skip
    """Book what :func:`book` summed up; returns income, tariffs and cost of all firms, million US$.

    Yearly figures are smoothed: a twelfth of them is this month's. Most firms sell nothing, and never did.
    """
    earned = tariffs = spent = 0.0
    for who in range(len(cash)):
        if not place[who]:
            if sales_12[who] != 0.0:
                sales_12[who] -= sales_12[who] / 12.0
            income_12[who] -= income_12[who] / 12.0
            continue
        mine = place[who] - 1
        sold, income, duty, cost = sums[mine, 0], sums[mine, 1], sums[mine, 2], sums[mine, 3]
        cash[who] += income - duty - cost
        sales_year[who] += sold
        income_year[who] += income
        sales_12[who] += (sold * 12.0 - sales_12[who]) / 12.0
        income_12[who] += ((income - duty) * 12.0 - income_12[who]) / 12.0  # budgets feel tariffs
        earned += income
        tariffs += duty
        spent += cost
    return earned, tariffs, spent


@compiled
def count(
    rows: np.ndarray, month: int, region: np.ndarray, indication: np.ndarray, asset: np.ndarray, protected: np.ndarray,
    mature: np.ndarray, benefit: np.ndarray, patients: np.ndarray, sales: np.ndarray, copies: np.ndarray,
    income: np.ndarray, gain: np.ndarray, sales_year: np.ndarray, patients_year: np.ndarray, health_year: np.ndarray,
    quarter: np.ndarray, total: np.ndarray, exposure: np.ndarray, by_region: np.ndarray,
) -> None:  # fmt: skip
    """Add the month to the records of positions and assets, and sum it up by region.

    ``gain`` is the health that a patient-year at usual benefit gains by indication. ``by_region`` (6, regions) becomes
    sales, income, sales of copies, patient-years, health gained, and income of protected medicines.
    """
    for i, row in enumerate(rows):
        here = region[row]
        treated = patients[row] / 12.0
        health = 0.0
        if treated > 0.0:
            health = treated * (gain[indication[row]] * np.exp(0.3 * min(max(benefit[row], -3.0), 3.0)))
        sales_year[row] += sales[row]
        patients_year[row] += treated
        health_year[row] += health
        quarter[row] += income[i]
        total[row] += sales[row]
        exposure[asset[row]] += treated
        by_region[0, here] += sales[row]
        by_region[1, here] += income[i]
        by_region[2, here] += copies[row]
        by_region[3, here] += treated
        by_region[4, here] += health
        if not mature[row] and protected[row] > month:
            by_region[5, here] += income[i]


@compiled
def unsafe(
    rows: np.ndarray, month: int, asset: np.ndarray, mature: np.ndarray, identity: np.ndarray, risk: np.ndarray,
    hazard: float, weight: float, base: np.uint64,
) -> np.ndarray:  # fmt: skip
    """Positions (among ``rows``) of the assets that show in their yearly month that they are unsafe."""
    gone = np.zeros(len(identity), np.bool_)
    any_gone = False
    turn, ordinal = month % 12, month // 12
    for row in rows:
        who = identity[asset[row]]
        if who % 12 != turn or mature[row]:
            continue
        if unit(base, who, ordinal) < hazard * np.exp(weight * risk[asset[row]]):
            gone[asset[row]] = any_gone = True
    if not any_gone:
        return rows[:0].copy()
    return rows[gone[asset[rows]]]
