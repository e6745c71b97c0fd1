"""How files are changed: the codemod interface, the plan, its verification, and the write."""
