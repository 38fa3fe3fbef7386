// A clause as people cite it: what tells apart the rules of one paragraph stays inside.
export function paragraph(clause: string): string {
  return clause.replace(/\.[a-z_]+$/, "");
}
