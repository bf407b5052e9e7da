/// Linux error numbers (x86-64, `include/uapi/asm-generic/errno-base.h` and `errno.h`), and the one
/// that stays inside the kernel.
// swift-format-ignore: AlwaysUseLowerCamelCase
package enum Errno: Int, Sendable, CaseIterable {
  case EPERM = 1
  case ENOENT = 2
  case ESRCH = 3
  case EINTR = 4
  case EIO = 5
  case ENXIO = 6
  case ENOEXEC = 8
  case EBADF = 9
  case ECHILD = 10
  case EAGAIN = 11
  case ENOMEM = 12
  case EACCES = 13
  case EBUSY = 16
  case EEXIST = 17
  case ENODEV = 19
  case ENOTDIR = 20
  case EISDIR = 21
  case EINVAL = 22
  case ENOSPC = 28
  case EROFS = 30
  case ENOSYS = 38
  case ETIMEDOUT = 110
  /// Restart the system call; never seen in user space.
  case ERESTARTSYS = 512

  /// Written out: asked of the compiler, they take longer than the check of a small file.
  package var name: String {
    switch self {
    case .EPERM: "EPERM"
    case .ENOENT: "ENOENT"
    case .ESRCH: "ESRCH"
    case .EINTR: "EINTR"
    case .EIO: "EIO"
    case .ENXIO: "ENXIO"
    case .ENOEXEC: "ENOEXEC"
    case .EBADF: "EBADF"
    case .ECHILD: "ECHILD"
    case .EAGAIN: "EAGAIN"
    case .ENOMEM: "ENOMEM"
    case .EACCES: "EACCES"
    case .EBUSY: "EBUSY"
    case .EEXIST: "EEXIST"
    case .ENODEV: "ENODEV"
    case .ENOTDIR: "ENOTDIR"
    case .EISDIR: "EISDIR"
    case .EINVAL: "EINVAL"
    case .ENOSPC: "ENOSPC"
    case .EROFS: "EROFS"
    case .ENOSYS: "ENOSYS"
    case .ETIMEDOUT: "ETIMEDOUT"
    case .ERESTARTSYS: "ERESTARTSYS"
    }
  }

  package init?(name: String) {
    guard let match = Self.byName[name] else { return nil }
    self = match
  }

  /// Looked up for every name of a text: spelling each out would cost more than all the rest.
  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  /// What `strerror` says of it.
  package var message: String {
    switch self {
    case .EPERM: "Operation not permitted"
    case .ENOENT: "No such file or directory"
    case .ESRCH: "No such process"
    case .EINTR: "Interrupted system call"
    case .EIO: "Input/output error"
    case .ENXIO: "No such device or address"
    case .ENOEXEC: "Exec format error"
    case .EBADF: "Bad file descriptor"
    case .ECHILD: "No child processes"
    case .EAGAIN: "Resource temporarily unavailable"
    case .ENOMEM: "Cannot allocate memory"
    case .EACCES: "Permission denied"
    case .EBUSY: "Device or resource busy"
    case .EEXIST: "File exists"
    case .ENODEV: "No such device"
    case .ENOTDIR: "Not a directory"
    case .EISDIR: "Is a directory"
    case .EINVAL: "Invalid argument"
    case .ENOSPC: "No space left on device"
    case .EROFS: "Read-only file system"
    case .ENOSYS: "Function not implemented"
    case .ETIMEDOUT: "Connection timed out"
    case .ERESTARTSYS: "Interrupted system call should be restarted"
    }
  }
}
