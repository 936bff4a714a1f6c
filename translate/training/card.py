"""The model card inside a package: what it was made of, how well it does, what it is not."""

from .job import Job, Trained


def job_card(job: Job, trained: Trained, base: str | None) -> str:
    """Card of a package trained from an institution's pairs; `base` is the start package's card."""
    made = f"Adapted from `{job.start_from.name}`" if job.start_from else "Trained from nothing"
    before = (
        f"| start package | {trained.loss_before:.3f} |\n"
        if trained.loss_before is not None
        else ""
    )
    # An adapted package keeps the licence of what it started from, on that one's card below.
    licence = "" if base else f"Licence: {job.licence}\n\n"
    card = f"""# {job.source_name} to {job.target_name}, version {job.version}

{made} with Rayak on {trained.pairs} sentence pairs of `{job.pairs.name}`
(licence of the pairs: {job.licence}). {trained.left_out}
{trained.steps} steps, {trained.tokens} target tokens, seed {job.seed}; {trained.reason}.

{licence}| weights | loss a target token on {trained.held_out} held-out pairs, nats |
|---|---|
{before}| this package | {trained.loss_after:.3f} |

A small model: names, numbers and long sentences need a reader's eye. Not for contracts, health or
safety texts without revision.
"""
    return card if base is None else f"{card}\n---\n\nCard of the start package:\n\n{base}"
