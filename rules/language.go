package rules

// language documents the functions of the rule language, in the order of the
// language reference. The examples read no field, so that they hold for every
// input.
func language() []FunctionInfo {
	of := func(signature, meaning, example string) FunctionInfo {
		return FunctionInfo{Signature: signature, Meaning: meaning, Example: example, Language: true}
	}
	all := []FunctionInfo{
		of("any(list, condition) boolean", "Whether the condition holds for at least one element.", `any(["late", "rude"], # == "late")`),
		of("all(list, condition) boolean", "Whether the condition holds for every element; true for an empty list.", `all([4, 5], # > 3)`),
		of("none(list, condition) boolean", "Whether the condition holds for no element; true for an empty list.", `none([4, 5], # < 3)`),
		of("one(list, condition) boolean", "Whether the condition holds for exactly one element.", `one([1, 4, 5], # < 3)`),
		of("filter(list, condition) list", "The elements for which the condition holds.", `len(filter([1, 2, 5], # < 3)) == 2`),
		of("map(list, value) list", "The value for each element, as a list.", `"LATE" in map(["late"], upper(#))`),
		of("count(list, condition) whole number", "For how many elements the condition holds.", `count([1, 2, 5], # < 3) >= 2`),
		of("sum(list, value) number", "The sum of a list of numbers, or of a value for each element.", `sum([1, 2, 5]) > 7`),
		of("len(list or text) whole number", "How many elements a list has, or characters a text.", `len("late") == 4`),
		of("lower(text) text", "The text in lower case.", `lower("Care") == "care"`),
		of("upper(text) text", "The text in upper case.", `upper("Care") == "CARE"`),
		of("trim(text) text", "The text without white space around it.", `trim(" Care ") == "Care"`),
		of("int(text or number) whole number", "A whole number, without its fraction; absent when the text is none.", `int("9") >= 9`),
		of("float(text or number) number", "A number; absent when the text is none.", `float("2.5") > 2`),
		of("string(value) text", "A number, boolean, text or time as a text.", `string(5) == "5"`),
		of("join(list, separator) text", "The texts of a list, joined.", `join(["a", "b"], ", ") == "a, b"`),
		of("date(text) time", "The time of a constant text; midnight in UTC if it is a day alone.", `date("2026-01-31") < date("2026-02-01T09:00:00Z")`),
	}
	for i := range all {
		all[i].Name = nameIn(all[i].Signature)
		all[i].Optional = all[i].Name == "int" || all[i].Name == "float"
	}
	return all
}
