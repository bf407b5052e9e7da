/// The world of the first minutes: what `load example` brings in.
enum Example {
  static let text = """
    # Servers that sleep in the kernel, and two patches for what they sleep in.
    kernel "3.12.61-52-default" {
        const max_frame = 9000
        queue packets
        var accepted in 0..3 = 0

        fn check_frame(length) { work 2us; return length <= max_frame }
        fn count_frame() { accepted = accepted + 1 }

        syscall recv(length) {
            wait packets                       # a signal leaves the call; it restarts unseen
            if check_frame(length) { count_frame() }
        }
        irq timer every 4ms { work 1us }
    }

    patch fix_frame_check {
        const max_frame = 1500
        fn check_frame(length) { work 3us; return length > 0 and length <= max_frame }
    }

    patch another_fix { fn count_frame() { accepted = accepted + 1 } }

    program server { loop { recv(1200); work 100us..300us } }
    """
}
