import Testing

/// What only a lesson may have, and what it must have.
@Suite struct LessonSnapshots {
  @Test func mistakesInLessons() {
    check(
      """
      scenario "no lesson" {
          pause                                 # error: E0407 `pause` belongs in a `lesson`
          show log                              # error: E0407
          say "everybody may say something"
      }
      ---
      lesson "chapters" {
          if in_progress {
              chapter "a" { say "b" }           # error: E0407 directly in a lesson's body
          }
      }
      ---
      lesson "questions" {
          ask "why?" { right "so" }             # error: E0607 no wrong answer
          ask "how?" { wrong "so"; hint "a" }   # error: E0607 no right answer
          ask "when?" { right "a" if 1; wrong "b" }   # error: E0301
          ask "who?" { right "a" if cpus; wrong "b" } # error: E0201
          ask "what?" {
              right "a"
              wrong "b"
              reveal { sleep 1s }
              reveal { sleep 1s }               # error: E0119 `reveal` stands here twice
          }
      }
      ---
      lesson "views" {
          show lanes                            # error: E0207 view
          show files                            # error: E0303
          show log 1                            # error: E0303
          show source nobody                    # error: E0201
          show files 3                          # error: E0301
          show tasks 3                          # error: E0301
      }
      """)
  }
}
