/* A register machine with a large switch, running a sieve, a sort and a
 * Collatz search: the shape of every bytecode interpreter. */
/* n: 14 */
#include "kernel.h"

/* clang-format off */
enum {
  HALT, LOADI, MOVE, ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR, SAR, NOT, NEG,
  ADDI, MULI, ANDI, SHRI, EQ, NE, LT, LE, LTU, MIN, MAX, LOAD, STORE, LOADB, STOREB,
  JUMP, JUMPZ, JUMPNZ, JUMPLT, JUMPGE, CALL, RETURN, PUSH, POP, INC, DEC, SWAP, HASH, NOP
};
/* clang-format on */

typedef struct code {
  u8 op, a, b, c;
  i32 imm;
} code_t;

static u32 memory[4096];
static u32 registers[32];
static u32 stack[256];
static u64 steps;

/* clang-format off */
/* Runs until HALT and gives back register 0. */
static u32 execute(const code_t *program) {
  u32 *r = registers, sp = 0;
  const code_t *pc = program;
  u64 count = 0;
  for (;;) {
    code_t in = *pc++;
    count++;
    switch (in.op) {
    case HALT: steps += count; return r[0];
    case LOADI: r[in.a] = (u32)in.imm; break;
    case MOVE: r[in.a] = r[in.b]; break;
    case ADD: r[in.a] = r[in.b] + r[in.c]; break;
    case SUB: r[in.a] = r[in.b] - r[in.c]; break;
    case MUL: r[in.a] = r[in.b] * r[in.c]; break;
    case DIV: r[in.a] = r[in.c] ? r[in.b] / r[in.c] : 0; break;
    case MOD: r[in.a] = r[in.c] ? r[in.b] % r[in.c] : 0; break;
    case AND: r[in.a] = r[in.b] & r[in.c]; break;
    case OR: r[in.a] = r[in.b] | r[in.c]; break;
    case XOR: r[in.a] = r[in.b] ^ r[in.c]; break;
    case SHL: r[in.a] = r[in.b] << (r[in.c] & 31); break;
    case SHR: r[in.a] = r[in.b] >> (r[in.c] & 31); break;
    case SAR: r[in.a] = (u32)((i32)r[in.b] >> (r[in.c] & 31)); break;
    case NOT: r[in.a] = ~r[in.b]; break;
    case NEG: r[in.a] = 0 - r[in.b]; break;
    case ADDI: r[in.a] = r[in.b] + (u32)in.imm; break;
    case MULI: r[in.a] = r[in.b] * (u32)in.imm; break;
    case ANDI: r[in.a] = r[in.b] & (u32)in.imm; break;
    case SHRI: r[in.a] = r[in.b] >> (in.imm & 31); break;
    case EQ: r[in.a] = r[in.b] == r[in.c]; break;
    case NE: r[in.a] = r[in.b] != r[in.c]; break;
    case LT: r[in.a] = (i32)r[in.b] < (i32)r[in.c]; break;
    case LE: r[in.a] = (i32)r[in.b] <= (i32)r[in.c]; break;
    case LTU: r[in.a] = r[in.b] < r[in.c]; break;
    case MIN: r[in.a] = r[in.b] < r[in.c] ? r[in.b] : r[in.c]; break;
    case MAX: r[in.a] = r[in.b] > r[in.c] ? r[in.b] : r[in.c]; break;
    case LOAD: r[in.a] = memory[(r[in.b] + (u32)in.imm) & 4095]; break;
    case STORE: memory[(r[in.b] + (u32)in.imm) & 4095] = r[in.a]; break;
    case LOADB: r[in.a] = ((u8 *)memory)[(r[in.b] + (u32)in.imm) & 16383]; break;
    case STOREB: ((u8 *)memory)[(r[in.b] + (u32)in.imm) & 16383] = (u8)r[in.a]; break;
    case JUMP: pc = program + in.imm; break;
    case JUMPZ: if (r[in.a] == 0) pc = program + in.imm; break;
    case JUMPNZ: if (r[in.a] != 0) pc = program + in.imm; break;
    case JUMPLT: if ((i32)r[in.a] < (i32)r[in.b]) pc = program + in.imm; break;
    case JUMPGE: if ((i32)r[in.a] >= (i32)r[in.b]) pc = program + in.imm; break;
    case CALL: stack[sp++ & 255] = (u32)(pc - program); pc = program + in.imm; break;
    case RETURN: pc = program + stack[--sp & 255]; break;
    case PUSH: stack[sp++ & 255] = r[in.a]; break;
    case POP: r[in.a] = stack[--sp & 255]; break;
    case INC: r[in.a]++; break;
    case DEC: r[in.a]--; break;
    case SWAP: { u32 t = r[in.a]; r[in.a] = r[in.b]; r[in.b] = t; break; }
    case HASH: r[in.a] = (r[in.b] ^ r[in.c]) * 0x01000193u; break;
    case NOP: break;
    default: return 0xdead;
    }
  }
}

/* How many primes are below 2000, into r0. */
static const code_t sieve[] = {
    {LOADI, 1, 0, 0, 2000}, {LOADI, 2, 0, 0, 0}, {LOADI, 3, 0, 0, 1},
    {STORE, 3, 2, 0, 0}, {INC, 2, 0, 0, 0}, {JUMPLT, 2, 1, 0, 3}, /* 3: all marked */
    {LOADI, 2, 0, 0, 2}, {LOADI, 0, 0, 0, 0},
    {LOAD, 4, 2, 0, 0}, {JUMPZ, 4, 0, 0, 16}, /* 8: next candidate */
    {INC, 0, 0, 0, 0}, {ADD, 5, 2, 2, 0}, {JUMPGE, 5, 1, 0, 16},
    {STORE, 6, 5, 0, 0}, {ADD, 5, 5, 2, 0}, {JUMPLT, 5, 1, 0, 13}, /* 13: strike out */
    {INC, 2, 0, 0, 0}, {JUMPLT, 2, 1, 0, 8}, {HALT, 0, 0, 0, 0},
};

/* Sorts 100 numbers made from the seed in r9 by exchanging neighbours. */
static const code_t bubble[] = {
    {LOADI, 1, 0, 0, 100}, {LOADI, 2, 0, 0, 0},
    {MULI, 9, 9, 0, 1664525}, {ADDI, 9, 9, 0, 1013904223}, {SHRI, 3, 9, 0, 8},
    {STORE, 3, 2, 0, 0}, {INC, 2, 0, 0, 0}, {JUMPLT, 2, 1, 0, 2},
    {DEC, 1, 0, 0, 0}, {LOADI, 2, 0, 0, 0}, /* 8: one pass */
    {LOAD, 3, 2, 0, 0}, {LOAD, 4, 2, 0, 1}, {MIN, 5, 3, 4, 0}, {MAX, 6, 3, 4, 0},
    {STORE, 5, 2, 0, 0}, {STORE, 6, 2, 0, 1}, {INC, 2, 0, 0, 0}, {JUMPLT, 2, 1, 0, 10},
    {JUMPNZ, 1, 0, 0, 8}, {LOAD, 0, 2, 0, 50}, {HASH, 0, 0, 9, 0}, {HALT, 0, 0, 0, 0},
};

/* The longest Collatz sequence that starts below 600, through a subroutine. */
static const code_t collatz[] = {
    {LOADI, 1, 0, 0, 1}, {LOADI, 0, 0, 0, 0}, {LOADI, 8, 0, 0, 600}, {LOADI, 7, 0, 0, 1},
    {CALL, 0, 0, 0, 9}, {MAX, 0, 0, 3, 0}, {INC, 1, 0, 0, 0}, /* 4: each start */
    {JUMPLT, 1, 8, 0, 4}, {HALT, 0, 0, 0, 0},
    {MOVE, 2, 1, 0, 0}, {LOADI, 3, 0, 0, 0}, {PUSH, 1, 0, 0, 0}, /* 9: length of r1 in r3 */
    {EQ, 4, 2, 7, 0}, {JUMPNZ, 4, 0, 0, 21}, {INC, 3, 0, 0, 0}, {ANDI, 4, 2, 0, 1}, /* 12 */
    {JUMPNZ, 4, 0, 0, 19}, {SHRI, 2, 2, 0, 1}, {JUMP, 0, 0, 0, 12},
    {MULI, 2, 2, 0, 3}, {JUMP, 0, 0, 0, 23}, /* 19: odd */
    {POP, 1, 0, 0, 0}, {RETURN, 0, 0, 0, 0}, /* 21 */
    {INC, 2, 0, 0, 0}, {JUMP, 0, 0, 0, 12},
};
/* clang-format on */

u64 bench_run(u32 n) {
  u64 sum = 0;
  steps = 0;
  for (u32 i = 0; i < 32; i++)
    registers[i] = 0;
  for (u32 round = 0; round < n * 10; round++) {
    registers[6] = 0;
    sum = mix(sum, execute(sieve));
    registers[9] = round;
    sum = mix(sum, execute(bubble));
    sum = mix(sum, execute(collatz));
  }
  return mix(sum, steps);
}
