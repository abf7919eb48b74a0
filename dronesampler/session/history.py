"""What a window that attaches is shown of before: the last part in full, the older the sparser, within bounds."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

RECENT = 20_000  # kept in full: more than the live analysis looks at
MOST = 2 * RECENT

T = TypeVar("T")


class History(Collection[T]):
    """Appended to by one thread; iterated over by any. When it is full every second one of the older half goes, so a
    day's patrol keeps its whole way in bounded memory. Everything is in the database; this is only what is shown."""

    def __init__(self, *, recent: int = RECENT, most: int = MOST) -> None:
        self._recent, self._most = recent, most
        self._items: list[T] = []
        self.count = 0  # of all that came

    def extend(self, items: Iterable[T]) -> None:
        before = len(self._items)
        self._items.extend(items)
        self.count += len(self._items) - before
        if len(self._items) > self._most:
            # A new list: whoever reads the old one goes on reading it.
            self._items = self._items[: -self._recent : 2] + self._items[-self._recent :]

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._items))
