// The face of the library: one import brings everything that drives a scenario.
@_exported import Administration
@_exported import Analysis
@_exported import Diagnostics
@_exported import Execution
@_exported import Exploration
@_exported import Machine
@_exported import Patching
@_exported import Reports
@_exported import Syntax
@_exported import Training
