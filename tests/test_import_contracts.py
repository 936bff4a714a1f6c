"""The contract about the web, on imports made up for it."""

from grimp import ImportGraph

from tests.import_contracts import WebContract

LISTS = {
    "web": ["room.page", "room.schema"],
    "above": ["room.app"],
    "frameworks": ["flask"],
    "models": ["room.models"],
    "made_of_models": ["room.schema"],
}


def faults(*imports: tuple[str, str]) -> list[str]:
    """What the contract says about these imports."""
    graph = ImportGraph()
    for module in {*LISTS["web"], *(name for pair in imports for name in pair)}:
        graph.add_module(module)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract = WebContract(name="web", session_options={}, contract_options=LISTS)
    return contract.check(graph, verbose=False).metadata["faults"]


def test_a_file_that_stands_in_no_list_may_not_import_the_framework() -> None:
    """So a new one is covered before anybody thinks of the rule."""
    assert "room.new -> flask" in faults(("room.new", "flask"))[0]
    assert faults(("room.page", "flask"), ("room.app.pages", "flask")) == []


def test_nothing_below_imports_a_module_of_the_web() -> None:
    """It would know the framework by a detour."""
    assert "room.new -> room.page" in faults(("room.new", "room.page"))[0]
    assert faults(("room.app", "room.page"), ("room.schema", "room.page")) == []


def test_the_web_reads_no_models_but_where_the_list_says_so() -> None:
    """Whatever module of the models it is."""
    assert "room.page -> room.models.answers" in faults(("room.page", "room.models.answers"))[0]
    assert faults(("room.schema", "room.models"), ("room.new", "room.models")) == []


def test_a_name_that_is_no_module_any_more_is_found() -> None:
    """A renamed file must not leave the rule unseen."""
    graph = ImportGraph()
    graph.add_module("room.page")
    contract = WebContract(name="web", session_options={}, contract_options=LISTS)
    assert contract.check(graph, verbose=False).metadata["faults"] == ["room.schema is no module"]
