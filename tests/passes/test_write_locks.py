from threading import Event, Thread

from jsm_sla_bot.passes.write_locks import WriteLocks


def test_what_nobody_has_written_since_is_fresh() -> None:
    """A plan holds as long as nobody has written to its request since it was read."""
    locks = WriteLocks()
    with locks.reading() as version, locks.writing("1", version) as fresh:
        assert fresh


def test_what_was_written_since_the_reading_is_stale() -> None:
    """A write between reading and writing makes the plan stale, for that request only."""
    locks = WriteLocks()
    with locks.reading() as version:
        with locks.writing("1", version):
            pass
        with locks.writing("1", version) as fresh:
            assert not fresh
        with locks.writing("2", version) as fresh:
            assert fresh


def test_a_reading_after_the_write_is_fresh_again() -> None:
    """Who reads after the write knows of it."""
    locks = WriteLocks()
    with locks.reading() as early:
        with locks.writing("1", early):
            pass
        with locks.reading() as late, locks.writing("1", late) as fresh:
            assert fresh


def test_a_write_under_way_at_the_reading_counts_as_after_it() -> None:
    """What is being written while it is read may have been read half-way."""
    locks = WriteLocks()
    with locks.reading() as early:
        with locks.writing("1", early):
            version = locks.reading().__enter__()
        with locks.writing("1", version) as fresh:
            assert not fresh


def test_two_never_write_to_one_request_at_once() -> None:
    """The second waits until the first has done."""
    locks, order, began = WriteLocks(), list[str](), Event()

    def second() -> None:
        began.set()
        with locks.writing("1", 0):
            order.append("second")

    other = Thread(target=second)
    with locks.reading() as version:
        with locks.writing("1", version):
            other.start()
            began.wait(10)
            order.append("first")
        other.join(10)
    assert order == ["first", "second"]


def test_nothing_is_kept_when_nobody_reads() -> None:
    """Between passes the memory of writes is empty, however many there were."""
    locks = WriteLocks()
    with locks.reading() as version:
        for number in range(100):
            with locks.writing(str(number), version):
                pass
    with locks.writing("1", version) as fresh:
        assert fresh
