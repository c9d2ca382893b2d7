/**
 * A derived file that cannot be used as it is: it is not there, damaged, of another model or of a later version. No error for
 * a user, as whoever meets it makes the file anew.
 */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}
