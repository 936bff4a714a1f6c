"""A contract for import-linter, of our own: what belongs to the web, by one list."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class WebContract(Contract):
    """Only the web knows the frameworks, nothing below imports the web, and it knows no models.

    Below is all that lies in no such package: a new file is under the rule from its first line.

    - web: the packages of the web.
    - above: packages that may import all of it.
    - frameworks: packages from elsewhere.
    - models: packages of tables.
    - made_of_models: modules of the web that may read the tables all the same.
    """

    type_name = "web"

    web = fields.SetField(subfield=fields.StringField())
    above = fields.SetField(subfield=fields.StringField())
    frameworks = fields.SetField(subfield=fields.StringField())
    models = fields.SetField(subfield=fields.StringField())
    made_of_models = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Broken by a forbidden import, and by a package of the web that does not exist."""
        faults = [f"{name} is no module" for name in sorted(self.web - graph.modules)]
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if reason := self._reason(importer, imported):
                    faults.append(f"{importer} -> {imported}: {reason}")
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One fault a line."""
        for fault in check.metadata["faults"]:
            output.print_error(fault)

    def _reason(self, importer: str, imported: str) -> str:
        """Why this import is forbidden; nothing where it is not."""
        if _within(importer, self.above):
            return ""
        if _within(importer, self.web):
            forbidden = _within(imported, self.models) and importer not in self.made_of_models
            return "the web calls services and queries, never models" if forbidden else ""
        if _within(imported, self.frameworks):
            return "only the packages of the web know a web framework"
        return "nothing below imports a module of the web" if _within(imported, self.web) else ""


def _within(module: str, packages: set[str]) -> bool:
    return any(module == p or module.startswith(f"{p}.") for p in packages)
