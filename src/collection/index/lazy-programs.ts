import { Program, type Tensor } from '../../engine/index.js';

/** Programs by name, each compiled when it is first asked for. */
export class LazyPrograms {
  private readonly compiled = new Map<string, Promise<Program>>();

  constructor(private readonly threads?: number) {}

  get(name: string, outputs: () => Record<string, Tensor>): Promise<Program> {
    let program = this.compiled.get(name);
    if (!program) {
      program = Program.compile({ outputs: outputs() }, { threads: this.threads });
      this.compiled.set(name, program);
    }
    return program;
  }

  async release(): Promise<void> {
    const programs = await Promise.all(this.compiled.values());
    this.compiled.clear();
    await Promise.all(programs.map((program) => program.release()));
  }
}
