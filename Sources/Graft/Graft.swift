@_exported import Execution
@_exported import Reports
