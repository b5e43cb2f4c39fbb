"""What the documents call positions and units (D一, A二, B), for pictures drawn without a company's organisation at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.definition.diagram_words import Names
from workflows.definition.model import Process
from workflows.errors import Text

POSITIONS: Mapping[str, Text] = {
    "operations_director": Text("运营总监", "Operations director"),
    "operations_manager": Text("运营经理", "Operations manager"),
    "operations_supervisor": Text("运营主管", "Operations supervisor"),
    "operations_specialist": Text("运营专员", "Operations specialist"),
    "ecommerce_operator": Text("电商运营", "E-commerce operator"),
    "marketing_specialist": Text("市场推广专员", "Marketing specialist"),
    "content_specialist": Text("内容运营专员", "Content specialist"),
    "product_manager": Text("商品经理", "Product manager"),
    "customer_service_agent": Text("客服专员", "Customer service agent"),
    "data_specialist": Text("数据分析员", "Data specialist"),
    "data_analyst": Text("数据分析师", "Data analyst"),
    "technical_support_engineer": Text("技术支持工程师", "Technical support engineer"),
}
UNITS: Mapping[str, Text] = {
    "operations": Text("运营部", "Operations"),
    "product_operations": Text("产品运营组", "Product operations"),
    "market_operations": Text("市场运营组", "Market operations"),
    "customer_service": Text("客户服务组", "Customer service"),
    "data_analysis": Text("数据分析组", "Data analysis"),
    "human_resources": Text("人力资源部", "Human resources"),
    "products": Text("产品部", "Products"),
    "design": Text("设计部", "Design"),
    "marketing": Text("市场部", "Marketing"),
    "sales": Text("销售部", "Sales"),
    "logistics": Text("物流与供应链部", "Logistics and supply chain"),
    "technology": Text("技术部", "Technology"),
    "finance": Text("财务部", "Finance"),
}


def documented_names(processes: Iterable[Process]) -> Names:
    """The documents' positions and units, and the titles of these processes."""
    return Names(POSITIONS, UNITS, {process.key: process.title for process in processes})
