from threading import Event, Thread

from jsm_sla_bot.passes.write_locks import Turns


def test_what_nobody_has_written_since_is_fresh() -> None:
    """A plan holds as long as nobody has written to its request since it was read."""
    turns = Turns()
    with turns.reading() as mark, turns.writing("1", mark) as fresh:
        assert fresh


def test_what_was_written_since_the_reading_is_stale() -> None:
    """A write between reading and writing makes the plan stale, for that request only."""
    turns = Turns()
    with turns.reading() as mark:
        with turns.writing("1", mark):
            pass
        with turns.writing("1", mark) as fresh:
            assert not fresh
        with turns.writing("2", mark) as fresh:
            assert fresh


def test_a_reading_after_the_write_is_fresh_again() -> None:
    """Who reads after the write knows of it."""
    turns = Turns()
    with turns.reading() as early:
        with turns.writing("1", early):
            pass
        with turns.reading() as late, turns.writing("1", late) as fresh:
            assert fresh


def test_a_write_under_way_at_the_reading_counts_as_after_it() -> None:
    """What is being written while it is read may have been read half-way."""
    turns = Turns()
    with turns.reading() as early:
        with turns.writing("1", early):
            mark = turns.reading().__enter__()
        with turns.writing("1", mark) as fresh:
            assert not fresh


def test_two_never_write_to_one_request_at_once() -> None:
    """The second waits until the first has done."""
    turns, order, began = Turns(), list[str](), Event()

    def second() -> None:
        began.set()
        with turns.writing("1", 0):
            order.append("second")

    other = Thread(target=second)
    with turns.reading() as mark:
        with turns.writing("1", mark):
            other.start()
            began.wait(10)
            order.append("first")
        other.join(10)
    assert order == ["first", "second"]


def test_nothing_is_kept_when_nobody_reads() -> None:
    """Between passes the memory of writes is empty, however many there were."""
    turns = Turns()
    with turns.reading() as mark:
        for number in range(100):
            with turns.writing(str(number), mark):
                pass
    assert turns._written == {}
