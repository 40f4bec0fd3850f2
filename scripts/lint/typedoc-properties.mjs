// Properties of classes, interfaces and enums must be documented; those of an unnamed object type (the tag of a union's
// member, a table of constants) are explained by the type that holds them. TypeDoc itself can only ask for all or none.
import { Application, ReflectionKind } from "typedoc";

export function load(app) {
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const property of project.getReflectionsByKind(ReflectionKind.Property)) {
      const { packageName, packagePath } = project.getSymbolIdFromReflection(property) ?? {};
      if (packageName !== project.packageName || property.hasComment() || isUnnamed(property.parent))
        continue;
      app.logger.validationWarning(
        `${property.getFriendlyFullName()} (Property), defined in ${packagePath}, does not have any documentation`,
      );
    }
  });
}

function isUnnamed(parent) {
  return parent?.kindOf(ReflectionKind.TypeLiteral) === true;
}
