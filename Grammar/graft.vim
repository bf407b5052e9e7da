" Vim syntax file for Graft scenarios (*.graft).
" Its words are those of Sources/Syntax/Words.swift; a test holds the two against each other.

if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

syntax keyword graftControl if else for while loop return break continue let var
syntax keyword graftOperatorWord and or not in
syntax keyword graftLiteral true false old new kgraft livepatch kpatch ksplice immediate
syntax keyword graftDeclaration use kernel module patch program machine def boot scenario lesson
syntax keyword graftDeclaration const lock queue record fn syscall irq kthread inline notrace
syntax keyword graftDeclaration foreign weak required package vermagic fixes replaces shadow state
syntax keyword graftVerb spawn apply revert force signal wake cat write assert check always never
syntax keyword graftVerb reach await sleep expect log print say report reboot work fork thread
syntax keyword graftVerb reap ignore choose wait unlock alloc free safe point printk oops irqs bh
syntax keyword graftVerb off atomic drop has prev_state chapter pause show ask right wrong because
syntax keyword graftVerb hint reveal notes
syntax keyword graftClause list every at on init exit schedule version all pre_patch post_patch
syntax keyword graftClause pre_unpatch post_unpatch skip xfail of cpu count some within fails
syntax keyword graftClause timeout until interruptible uninterruptible killable freezable cpus
syntax keyword graftClause slice patching preempt jitter ftrace

syntax match graftNumber /\<\d[0-9_]*\>/
syntax match graftNumber /\<0[xX][0-9A-Fa-f_]\+\>/
" Units: ns us ms s min h
syntax match graftDuration /\<\d[0-9_]*\%(\.\d\+\)\?\%(ns\|us\|ms\|s\|min\|h\)\>/
syntax match graftError /\<E[A-Z0-9]\+\>/
syntax match graftTag /\s\zs@\h\w*/
syntax match graftEscape contained /\\\%([nt\\"{}]\|u{\x\{1,6}}\)/
syntax region graftInterpolation contained oneline matchgroup=graftEscape start=/{/ end=/}/ contains=TOP
syntax region graftString oneline start=/"/ end=/"/ contains=graftEscape,graftInterpolation
syntax region graftShell oneline start=/\$/ end=/\ze\s#/ end=/\ze}/ end=/$/ contains=graftInterpolation
syntax match graftComment /#.*$/ contains=graftTodo
syntax keyword graftTodo contained TODO FIXME

highlight default link graftControl Conditional
highlight default link graftOperatorWord Operator
highlight default link graftLiteral Constant
highlight default link graftDeclaration Structure
highlight default link graftVerb Function
highlight default link graftClause Keyword
highlight default link graftNumber Number
highlight default link graftDuration Number
highlight default link graftError Constant
highlight default link graftTag Tag
highlight default link graftEscape SpecialChar
highlight default link graftString String
highlight default link graftShell PreProc
highlight default link graftComment Comment
highlight default link graftTodo Todo

let b:current_syntax = "graft"
