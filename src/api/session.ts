import { type Static, Type } from '@sinclair/typebox';
import { named } from './common.js';

export const Session = named(
  'Session',
  'What a page needs to know before anything else.',
  Type.Object({
    version: Type.String(),
    tokenRequired: Type.Boolean(),
    authenticated: Type.Boolean(),
    searchByUrl: Type.Boolean(),
    readOnly: Type.Boolean({ description: 'Whether nothing can be added, changed or removed.' }),
    limits: Type.Object({
      fileBytes: Type.Integer({ description: 'Of one file that is sent.' }),
      files: Type.Integer({ description: 'Sent at once.' }),
      pixels: Type.Integer(),
    }),
  }),
);
export type Session = Static<typeof Session>;

export const SessionRequest = named(
  'SessionRequest',
  'Makes a session that a browser keeps as a cookie.',
  Type.Object({ token: Type.String({ maxLength: 500 }) }, { additionalProperties: false }),
);
