"""Back and forward lead through what was visited."""

from app.ui.trail import REMEMBERED, Spot, Trail


def test_back_and_forward_walk_the_spots_visited() -> None:
    trail = Trail()
    for spot in (Spot("users", "usr_1"), Spot("users", "usr_2"), Spot("prices")):
        trail.visit(spot)
    assert trail.back() == Spot("users", "usr_2")
    assert trail.back() == Spot("users", "usr_1")
    assert trail.back() is None
    assert trail.forward() == Spot("users", "usr_2")


def test_going_somewhere_new_forgets_what_lay_ahead() -> None:
    trail = Trail()
    trail.visit(Spot("users"))
    trail.visit(Spot("prices"))
    trail.back()
    assert trail.can_go_forward
    trail.visit(Spot("activity"))
    assert not trail.can_go_forward
    assert trail.back() == Spot("users")


def test_the_same_spot_twice_is_one_step() -> None:
    trail = Trail()
    trail.visit(Spot("users", "usr_1"))
    trail.visit(Spot("users", "usr_1"))
    assert not trail.can_go_back


def test_coming_back_finds_the_place_that_was_left() -> None:
    trail = Trail()
    trail.visit(Spot("users"))
    trail.settle("usr_7")
    trail.visit(Spot("prices"))
    assert trail.back() == Spot("users", "usr_7")


def test_a_page_that_moves_by_itself_leaves_a_way_back_except_from_nowhere() -> None:
    trail = Trail()
    trail.visit(Spot("users"))
    trail.move(Spot("users", "usr_1"))
    assert not trail.can_go_back
    trail.move(Spot("users", "usr_2"))
    trail.move(Spot("prices", "hidden pages do not move anybody"))
    assert trail.back() == Spot("users", "usr_1")


def test_only_so_many_spots_are_remembered() -> None:
    trail = Trail()
    for number in range(REMEMBERED + 50):
        trail.visit(Spot("users", number))
    steps = 0
    while trail.back():
        steps += 1
    assert steps == REMEMBERED
