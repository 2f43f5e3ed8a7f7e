"""Money: every dollar that a firm receives leaves an account, and the other way round."""

from __future__ import annotations

import numpy as np

from model.kernels.grouping import add

ACCOUNTS = ("patients and payers", "venture investors", "public investors", "shareholders",
            "sites and staff", "service providers", "makers and sellers",
            "governments", "former owners")  # fmt: skip
(PAYERS, VENTURE, PUBLIC, SHAREHOLDERS, STAFF, PROVIDERS, OPERATIONS, GOVERNMENTS,
 FORMER) = range(len(ACCOUNTS))  # fmt: skip


class Ledger:
    """Balances of everybody who is not a firm, million US$; firms hold theirs in ``cash``.

    The sum of all balances and all cash never changes: :meth:`total` is the invariant.
    """

    def __init__(self) -> None:
        self.balances = np.zeros(len(ACCOUNTS))

    def receive(self, cash: np.ndarray, rows: np.ndarray, amounts: np.ndarray, account: int) -> None:
        """Pay ``amounts`` (rows may repeat) from an account to the firms in ``rows``."""
        add(rows, amounts, cash)
        self.balances[account] -= amounts.sum()

    def pay(self, cash: np.ndarray, rows: np.ndarray, amounts: np.ndarray, account: int) -> None:
        """Pay ``amounts`` from the firms in ``rows`` to an account."""
        self.receive(cash, rows, -amounts, account)

    def pay_all(self, cash: np.ndarray, amounts: np.ndarray, account: int) -> None:
        """Pay one amount per firm (shape of ``cash``) to an account."""
        cash -= amounts
        self.balances[account] += amounts.sum()

    @staticmethod
    def transfer(cash: np.ndarray, payers: np.ndarray, payees: np.ndarray, amounts: np.ndarray) -> None:
        """Move money between firms."""
        add(payers, -amounts, cash)
        add(payees, amounts, cash)

    def total(self, cash: np.ndarray) -> float:
        """All money, million US$: constant over a run (float rounding apart)."""
        return float(self.balances.sum() + cash.sum())

    def copy(self) -> Ledger:
        """Independent copy."""
        twin = Ledger()
        twin.balances = self.balances.copy()
        return twin
