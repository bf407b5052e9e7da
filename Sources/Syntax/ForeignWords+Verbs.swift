extension ForeignWords {
  /// What shells, the kernel and other languages call what is a verb here, and how it is written.
  package static let verbs: [String: String] = shell.merging(
    ofKernel.merging(ofLanguages) { first, _ in first }
  ) { first, _ in first }

  private static let shell: [String: String] = [
    "echo": "print VALUE", "kill": "signal NAME, TASKS", "killall": "signal NAME, TASKS",
    "pkill": "signal NAME, TASKS", "send": "signal NAME, TASKS", "trap": "on signal NAME { … }",
    "start": "spawn PROGRAM", "run": "spawn PROGRAM", "exec": "spawn PROGRAM",
    "launch": "spawn PROGRAM", "patch": "apply PATCH", "install": "apply PATCH",
    "enable": "apply PATCH", "unapply": "revert PATCH", "unpatch": "revert PATCH",
    "load": "apply PATCH", "activate": "apply PATCH", "livepatch": "apply PATCH",
    "remove": "revert PATCH", "unload": "revert PATCH", "deactivate": "revert PATCH",
    "undo": "revert PATCH", "uninstall": "revert PATCH", "disable": "revert PATCH",
    "rollback": "revert PATCH",
    "insmod": "$ insmod MODULE", "rmmod": "$ rmmod MODULE", "modprobe": "$ modprobe MODULE",
    "zypper": "$ zypper install PACKAGE", "kgr": "$ kgr status", "lsmod": "$ lsmod",
    "ps": "$ ps", "uname": "$ uname -r", "rpm": "$ rpm -q PACKAGE", "sysctl": "$ sysctl NAME",
    "sudo": "$ COMMAND", "grep": "$ grep PATTERN FILE", "dmesg": "expect log \"TEXT\"",
  ]

  private static let ofKernel: [String: String] = [
    "mutex_lock": "lock NAME", "mutex_unlock": "unlock NAME", "spin_lock": "lock NAME",
    "spin_unlock": "unlock NAME", "spin_lock_irqsave": "irqs off { lock NAME; …; unlock NAME }",
    "spin_lock_irq": "irqs off { lock NAME; …; unlock NAME }", "spin_lock_bh": "bh off { … }",
    "spin_unlock_irqrestore": "unlock NAME", "down": "lock NAME", "up": "unlock NAME",
    "local_irq_disable": "irqs off { … }", "local_irq_save": "irqs off { … }",
    "local_irq_enable": "irqs off { … }", "local_bh_disable": "bh off { … }",
    "preempt_disable": "atomic { … }", "rcu_read_lock": "atomic { … }",
    "wake_up": "wake QUEUE", "wake_up_all": "wake QUEUE", "wake_up_process": "wake QUEUE",
    "wake_up_interruptible": "wake QUEUE", "complete": "wake QUEUE", "notify": "wake QUEUE",
    "notify_all": "wake QUEUE", "broadcast": "wake QUEUE",
    "wait_event": waiting, "wait_event_interruptible": waiting,
    "wait_event_killable": "wait QUEUE killable until CONDITION",
    "wait_event_timeout": "wait QUEUE timeout D until CONDITION",
    "wait_for_completion": waiting, "schedule": "wait QUEUE",
    "schedule_timeout": "wait QUEUE timeout D", "msleep": "sleep D", "ssleep": "sleep D",
    "usleep_range": "sleep D..D", "udelay": "work D", "mdelay": "work D", "ndelay": "work D",
    "cpu_relax": "work D", "kmalloc": allocation, "kzalloc": allocation,
    "kmem_cache_alloc": allocation, "kfree": "free OBJECT", "pr_info": "printk TEXT",
    "pr_err": "printk TEXT", "pr_warn": "printk TEXT", "dev_info": "printk TEXT",
    "BUG": "oops", "BUG_ON": "if CONDITION { oops }", "panic": "oops TEXT",
    "WARN_ON": "if CONDITION { printk TEXT }", "WARN": "printk TEXT",
    "try_to_freeze": "safe point", "cond_resched": "safe point",
    "kthread_should_stop": "safe point", "klp_shadow_get": "shadow(OBJECT, NAME)",
    "klp_shadow_alloc": "alloc shadow(OBJECT, NAME) = VALUE",
    "klp_shadow_free": "drop shadow(OBJECT, NAME)", "has_shadow": "has shadow(OBJECT, NAME)",
    "alloc_shadow": "alloc shadow(OBJECT, NAME) = VALUE",
    "drop_shadow": "drop shadow(OBJECT, NAME)", "kthread_run": "kthread NAME { … }",
    "request_irq": "irq NAME every D { … }",
  ]

  private static let waiting = "wait QUEUE until CONDITION"
  private static let allocation = "alloc RECORD { FIELD = VALUE }"

  private static let ofLanguages: [String: String] = [
    "printf": "print VALUE", "println": "print VALUE", "puts": "print VALUE",
    "Println": "print VALUE", "fprintf": "print VALUE", "write_line": "print VALUE",
    "debug": "print VALUE", "trace": "print VALUE", "info": "print VALUE", "warn": "print VALUE",
    "log": "print VALUE", "error": "assert CONDITION", "die": "assert CONDITION",
    "fail": "assert CONDITION", "require": "assert CONDITION", "ensure": "assert CONDITION",
    "verify": "assert CONDITION", "should": "assert CONDITION", "invariant": "always CONDITION",
    "globally": "always CONDITION", "forbid": "never CONDITION", "eventually": "await CONDITION",
    "finally": "await CONDITION", "wait_for": "await CONDITION", "waitfor": "await CONDITION",
    "wait_until": "await CONDITION", "delay": "sleep D", "usleep": "sleep D",
    "nanosleep": "sleep D", "metric": "report NAME, VALUE", "record": "report NAME, VALUE",
    "measure": "report NAME, VALUE", "tag": "`@NAME` behind the scenario's title",
    "timeout": "await CONDITION within D", "waitpid": "reap [PID]", "_exit": "exit [STATUS]",
    "quit": "exit [STATUS]", "clone": "fork { … }", "vfork": "fork { … }",
    "pthread_create": "thread PROGRAM", "sigaction": "on signal NAME { … }",
    "malloc": "`alloc RECORD { FIELD = VALUE }` in a `syscall`",
    "delete": "free OBJECT", "elif": "else if CONDITION { … }",
    "syscall": "the name of the system call: `NAME(…)`",
  ]
}
