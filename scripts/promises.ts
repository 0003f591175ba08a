// Finds the promises that nobody waits for: what they reject with would be lost, and a test would end before them.
// The linter looks for them too, but not through package imports, Bun's own types or `expect(...).rejects`.
import { join, relative } from "node:path";
import { type Node, SyntaxKind } from "typescript/unstable/ast";
import {
  isBinaryExpression,
  isCallExpression,
  isExpressionStatement,
  isPropertyAccessExpression,
} from "typescript/unstable/ast/is";
import { API, type Checker, type Type } from "typescript/unstable/async";
import { report, type Violation } from "./lib/violation.ts";
import { repository } from "./lib/workspace.ts";

/** Of every file of the project that `tsconfig` names. */
export async function findPromises(root: string, tsconfig = "tsconfig.json"): Promise<Violation[]> {
  const api = new API({ cwd: root });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [join(root, tsconfig)] });
    const [project] = snapshot.getProjects();
    if (project === undefined) throw new Error(`No project was found at ${join(root, tsconfig)}.`);
    const violations: Violation[] = [];
    for (const name of project.rootFiles) {
      const file = await project.program.getSourceFile(name);
      const statements = file === undefined ? [] : statementsIn(file);
      for (const statement of statements) {
        if (!(await isFloating(project.checker, statement))) continue;
        const { line = 0 } = file?.getLineAndCharacterOfPosition(statement.getStart()) ?? {};
        violations.push({
          file: relative(root, name),
          line: line + 1,
          message: "makes a promise that nobody waits for: await it, return it or handle its rejection",
        });
      }
    }
    return violations;
  } finally {
    await api.close();
  }
}

/** The expressions whose value is not used. */
function statementsIn(file: Node): Node[] {
  const found: Node[] = [];
  function visit(node: Node): void {
    if (isExpressionStatement(node)) found.push(node.expression);
    node.forEachChild(visit);
  }
  file.forEachChild(visit);
  return found;
}

async function isFloating(checker: Checker, expression: Node): Promise<boolean> {
  if (isAssignment(expression) || handlesRejection(expression)) return false;
  // Bun's types call these void, though they are promises.
  if (/^expect\([\s\S]*\.(rejects|resolves)\./.test(expression.getText())) return true;
  const type = await checker.getTypeAtLocation(expression);
  return type !== undefined && (await isThenable(checker, type));
}

function isAssignment(expression: Node): boolean {
  if (!isBinaryExpression(expression)) return false;
  const { kind } = expression.operatorToken;
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

/** `promise.catch(handler)` and `promise.then(handler, handler)`. */
function handlesRejection(expression: Node): boolean {
  if (!isCallExpression(expression) || !isPropertyAccessExpression(expression.expression)) return false;
  const { name } = expression.expression;
  return name.text === "catch" || (name.text === "then" && expression.arguments.length === 2);
}

async function isThenable(checker: Checker, type: Type): Promise<boolean> {
  if (!type.isUnionType()) return (await checker.getPropertyOfType(type, "then")) !== undefined;
  for (const member of await type.getTypes()) {
    if (await isThenable(checker, member)) return true;
  }
  return false;
}

if (import.meta.main) report(await findPromises(repository));
