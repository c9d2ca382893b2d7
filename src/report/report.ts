import type { Figure } from './figure.js';

/** What a report says. `writeReport` turns it into a page and pictures. */
export interface Report {
  readonly title: string;
  /** What was done and what came of it, in a sentence or two. */
  readonly lead: string;
  readonly keyFigures: readonly KeyFigure[];
  readonly sections: readonly ReportSection[];
  /** How it came about: model id, recipe, seed, machine. */
  readonly facts: readonly Fact[];
  /** What to type to make it again. */
  readonly command: string;
  /** Whose pictures and work it shows. */
  readonly attributions: readonly Attribution[];
  readonly madeAt: Date;
}

/** A number to be read from across the room, with what it should be compared to. */
export interface KeyFigure {
  readonly label: string;
  /** In [0, 1]. */
  readonly value: number;
  /** Its exact meaning: the names of metrics are not used alike everywhere. */
  readonly formula: string;
  /** What is reached without learning. */
  readonly floor?: { readonly label: string; readonly value: number };
}

export interface ReportSection {
  readonly title: string;
  readonly text?: string;
  readonly blocks: readonly ReportBlock[];
}

export type ReportBlock = ReportFigure | ReportTable;

export interface ReportFigure {
  readonly kind: 'figure';
  readonly figure: Figure;
  /** Name of the PNG file beside the page: `neighbours.png`. Left out of a page that is to be one file. */
  readonly file?: string;
  readonly caption?: string;
}

export interface ReportTable {
  readonly kind: 'table';
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** `null` is shown as a dash; `share`, in [0, 1], as a number with a bar. */
export type TableCell = string | number | null | { readonly share: number };

export interface Fact {
  readonly term: string;
  readonly value: string;
}

export interface Attribution {
  readonly text: string;
  readonly url?: string;
}
