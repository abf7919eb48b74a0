"""Columns that grow at the end without being copied each time."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FIRST_ROWS = 1024


class Growing:
    """Rows of floats, appended; `columns()` are views of what there is so far. Belongs to one thread."""

    def __init__(self, width: int) -> None:
        self._held = np.empty((width, FIRST_ROWS))
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, rows: Iterable[Sequence[float]]) -> None:
        fresh = np.array(list(rows), float)
        if len(fresh) == 0:
            return
        end = self._rows + len(fresh)
        if end > self._held.shape[1]:
            wider = np.empty((self._held.shape[0], max(end, 2 * self._held.shape[1])))
            wider[:, : self._rows] = self._held[:, : self._rows]
            self._held = wider
        self._held[:, self._rows : end] = fresh.T
        self._rows = end

    def columns(self) -> list[NDArray[np.float64]]:
        """One array a column, shape (rows,). Later rows do not change them."""
        return [column[: self._rows] for column in self._held]
