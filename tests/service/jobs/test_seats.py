"""Seats: so many at a time, one of each owner, shared among addresses, in the order of asking."""

from service.jobs.seats import Seats


def test_who_comes_first_is_seated_first() -> None:
    seats = Seats(2)
    asked = {owner: seats.ask(owner) for owner in "abc"}
    assert [each.done() for each in asked.values()] == [True, True, False]
    seats.leave("a", asked["a"])
    assert asked["c"].done()


def test_an_owner_has_one_seat() -> None:
    seats = Seats(2)
    first, second, other = seats.ask("a"), seats.ask("a"), seats.ask("b")
    assert (first.done(), second.done(), other.done()) == (True, False, True)
    seats.leave("a", first)
    assert second.done()


def test_who_gives_up_is_passed_over() -> None:
    seats = Seats(1)
    first, second, third = seats.ask("a"), seats.ask("b"), seats.ask("c")
    seats.leave("b", second)
    seats.leave("a", first)
    assert second.cancelled()
    assert third.done()


def test_a_wish_that_somebody_else_cancelled_takes_no_seat() -> None:
    seats = Seats(1)
    first, second, third = seats.ask("a"), seats.ask("b"), seats.ask("c")
    second.cancel()
    seats.leave("a", first)
    seats.leave("b", second)
    assert third.done()
    seats.leave("c", third)
    assert seats.ask("d").done()


def test_many_clients_of_one_address_keep_nobody_else_waiting() -> None:
    seats = Seats(2)
    crowd = {f"a/{number}": seats.ask(f"a/{number}") for number in range(5)}
    other = seats.ask("b/1")
    assert [each.done() for each in crowd.values()] == [True, True, False, False, False]
    seats.leave("a/0", crowd["a/0"])
    assert other.done()
    seats.leave("a/1", crowd["a/1"])
    assert crowd["a/2"].done()
